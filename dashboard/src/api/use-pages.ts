import { useInfiniteQuery } from "@tanstack/react-query";
import type { EndpointName, EndpointOutput } from "#core/contracts/api/endpoints.ts";
import { useProject } from "../shell/project-context.ts";
import { call, type CallInput } from "./client.ts";
import { ApiError } from "./queries.ts";

/** Endpoints that answer page by page. */
type PagedName = {
  [Name in EndpointName]: EndpointOutput<Name> extends { readonly nextCursor: string | null } ? Name : never;
}[EndpointName];

/** Pages of a list, one after another as they are asked for. `inputOf` is given the cursor of the page. */
export function usePages<Name extends PagedName>(name: Name, key: unknown, inputOf: (cursor: string | undefined) => CallInput<Name>) {
  const { session } = useProject();
  const query = useInfiniteQuery({
    queryKey: [name, "pages", key],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }): Promise<EndpointOutput<Name>> => {
      const result = await call(session, name, inputOf(pageParam === "" ? undefined : pageParam), signal);
      if (result === null) throw new Error("aborted");
      if (result.kind !== "ok") throw new ApiError(result);
      return result.value;
    },
    getNextPageParam: (page: EndpointOutput<Name>) => cursorOf(page),
  });
  return {
    pages: query.data?.pages ?? null,
    failure: query.error instanceof ApiError ? query.error.failure : null,
    isCut: query.hasNextPage,
    loading: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}

function cursorOf(page: object): string | null {
  return "nextCursor" in page && typeof page.nextCursor === "string" ? page.nextCursor : null;
}
