import * as z from "zod";

/**
 * What a key must be allowed to do. The admin key may do all; an API key of a project has `read`, `write` or both, and
 * reaches only addresses of its own project. `admin`: what concerns more than one project.
 */
export const scopeSchema = z.enum(["read", "write", "admin"]);
export type Scope = z.infer<typeof scopeSchema>;

/** Under which heading the documentation has an endpoint, in this order, and what is said there. */
export const endpointGroups = {
  organizations: "Who owns projects, and the provider credentials and prices that they share.",
  projects: "Where keys and what is recorded of their calls and events belong, and what is kept of it.",
  keys: "Virtual keys call the gateway and send events; API keys reach this API, each for one project.",
  limits:
    "What may be spent, and how fast: budgets and rate limits, by organization, team, project, key and user, over all regions and in each.",
  providers: "Whose models an organization calls: its credentials, and what models cost it.",
  traces: "What happened: traces, their spans, payloads and scores, by session and by user.",
  analytics: "Figures over spans.",
  operations: "Whether anything is lost, late, stuck or down, and what is done about it.",
} as const satisfies Readonly<Record<string, string>>;

export type EndpointGroup = keyof typeof endpointGroups;

/**
 * One endpoint of the control API as a value. The server must supply a handler for it, clients are typed from it,
 * and its documentation is generated from it.
 *
 * `path` names its parameters in braces (`/api/projects/{projectId}`); `params` parses those, `query` the query
 * string, `body` the JSON body (`null`: there is none), `output` the JSON answer.
 */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly group: EndpointGroup;
  readonly scope: Scope;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodObject | null;
  readonly output: z.ZodType;
  /** A POST that makes something: sent again under the same `Idempotency-Key`, it makes nothing anew. */
  readonly creates?: true;
  /**
   * The address of one thing with a version: its GET answers with an `ETag`; its PUT or PATCH answers what that GET
   * would, and honours `If-Match`.
   */
  readonly hasVersion?: true;
  /** The largest body, where it is not the 1 MB of all others. */
  readonly bodyBytesMax?: number;
}
