import { parseCursor, type PageRequest } from "#adapters/postgres/page.ts";
import type { PageQuery } from "#core/contracts/api/page.ts";
import type { Failure } from "#core/contracts/error.ts";
import { wrongCursor } from "./page.ts";

/** Which part of a list is asked for. */
export function readSettingsPage(query: PageQuery): (PageRequest & { readonly kind: "page" }) | Failure {
  const cursor = query.cursor === undefined ? null : parseCursor(query.cursor);
  if (query.cursor !== undefined && cursor === null) return wrongCursor;
  return { kind: "page", limit: query.limit, cursor };
}
