import { keepPreviousData, QueryCache, QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { EndpointName, EndpointOutput } from "#core/contracts/api/endpoints.ts";
import { useProject } from "../shell/project-context.ts";
import { call, type CallFailure, type CallInput } from "./client.ts";

/** A failure of the API as the libraries between carry it. */
export class ApiError extends Error {
  readonly failure: CallFailure;
  constructor(failure: CallFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

const retriesMax = 2;

/** What has been read, for as long as the tab lives. `onUnauthorized`: the key is no longer good. */
export function createQueryClient(onUnauthorized: (message: string) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.failure.status === 401) onUnauthorized(error.message);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        networkMode: "always",
        // Only what may be better the next time is asked again.
        retry: (count, error) => error instanceof ApiError && error.failure.kind === "unavailable" && count < retriesMax,
      },
      mutations: { networkMode: "always" },
    },
  });
}

interface QueryOptions {
  /** Asked again after so many milliseconds, as long as the tab is seen. */
  readonly refetchMs?: number;
}

/** What an endpoint answers, kept while the next answer is on its way; `null` asks nothing. */
export function useApi<Name extends EndpointName>(name: Name, input: CallInput<Name> | null, { refetchMs }: QueryOptions = {}) {
  const { session } = useProject();
  return useQuery<EndpointOutput<Name>, ApiError>({
    queryKey: [name, input],
    enabled: input !== null,
    placeholderData: keepPreviousData,
    refetchInterval: refetchMs ?? false,
    queryFn: async ({ signal }) => {
      if (input === null) throw new Error("a query that is not enabled was run");
      const result = await call(session, name, input, signal);
      if (result === null) throw new Error("aborted");
      if (result.kind !== "ok") throw new ApiError(result);
      return result.value;
    },
  });
}

/** A change through the API; once it is made, what `stale` names is read anew. */
export function useApiChange<Name extends EndpointName>(name: Name, stale: readonly EndpointName[]) {
  const { session } = useProject();
  const client = useQueryClient();
  return useMutation<EndpointOutput<Name>, ApiError, CallInput<Name>>({
    mutationFn: async (input) => {
      const result = await call(session, name, input, new AbortController().signal);
      if (result === null) throw new Error("aborted");
      if (result.kind !== "ok") throw new ApiError(result);
      return result.value;
    },
    onSuccess: async () => {
      await Promise.all(stale.map(async (each) => await client.invalidateQueries({ queryKey: [each] })));
    },
  });
}
