import { parsePageEnd } from "#adapters/clickhouse/page-end.ts";
import type { PageRequest } from "#core/analytics/page-query.ts";
import type { Filter } from "#core/analytics/filter.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import { readRange } from "./range.ts";

interface ListQuery<Sort extends string> {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly filter?: Filter | undefined;
  readonly sort: Sort;
  readonly order: "descending" | "ascending";
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export const wrongCursor: Failure = failure("invalid_field", "`cursor` must be the `nextCursor` of an earlier page.", "cursor");

/** What a list is asked for, or what is wrong with it. */
export function readPageRequest<Sort extends string>(
  projectId: ProjectId,
  query: ListQuery<Sort>,
  nowMs: number,
): { readonly kind: "request"; readonly request: PageRequest<Sort> } | Failure {
  const range = readRange(query, nowMs);
  if (range.kind === "failure") return range;
  const { sort, order, limit, cursor } = query;
  const after = cursor === undefined ? null : parsePageEnd(cursor, sort, order);
  if (cursor !== undefined && after === null) return wrongCursor;
  return {
    kind: "request",
    request: { projectId, range: { fromMs: range.fromMs, toMs: range.toMs }, filter: query.filter ?? [], sort, order, limit, after },
  };
}
