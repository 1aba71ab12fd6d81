import type * as z from "zod";

/** What a key must be allowed to do. */
export type Scope = "admin";

/**
 * One endpoint of the control API as a value. The server must supply a handler for it, clients are typed from it,
 * and its documentation is generated from it.
 *
 * `path` names its parameters in braces (`/api/projects/{projectId}`); `params` parses those, `query` the query
 * string, `body` the JSON body (`null`: there is none), `output` the JSON answer.
 */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly scope: Scope;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodObject | null;
  readonly output: z.ZodType;
}
