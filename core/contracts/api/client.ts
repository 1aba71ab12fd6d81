import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { endpoints, type EndpointName, type EndpointOutput } from "./endpoints.ts";

/** One request to the control API; `address` is the path with its query, without an origin. */
export interface ApiRequest {
  readonly method: Endpoint["method"];
  readonly address: string;
  /** In lower case. Whoever sends it adds `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; `null`: none. */
  readonly body: string | null;
}

/** What came back: `body` is its JSON, or anything else where it was none. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Brings a request to the API; `null`: no answer came. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer | null>;

/** What an endpoint is asked, unchecked: the server says what is wrong with it. */
export interface ApiInput {
  readonly params?: Readonly<Record<string, unknown>>;
  /** A value that is `undefined` is left out; one that is no text is written as JSON. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
}

export type CallFailure =
  | { readonly kind: "unauthorized"; readonly status: number; readonly message: string }
  | { readonly kind: "not-found"; readonly status: number; readonly message: string }
  | { readonly kind: "invalid"; readonly status: number; readonly message: string; readonly param: string | null }
  /** What stands now does not allow it: something was changed, made or revoked meanwhile. */
  | { readonly kind: "conflict"; readonly status: number; readonly message: string; readonly param: string | null }
  /** `what` cannot be reached at the moment; worth trying again. `status` 0: no answer came. */
  | { readonly kind: "unavailable"; readonly status: number; readonly what: string; readonly message: string };

export type CallResult<Output> = { readonly kind: "ok"; readonly value: Output } | CallFailure;

type Query<Name extends EndpointName> = (typeof endpoints)[Name]["query"];
type Body<Name extends EndpointName> = (typeof endpoints)[Name]["body"];

/** What an endpoint of this name is asked; numbers of the query may be numbers. */
export type CallInput<Name extends EndpointName> = {
  readonly params: z.input<(typeof endpoints)[Name]["params"]>;
  readonly query: {
    readonly [Field in keyof z.input<Query<Name>>]:
      | z.input<Query<Name>>[Field]
      | Extract<z.output<Query<Name>>[Field & keyof z.output<Query<Name>>], number>;
  };
} & (Body<Name> extends z.ZodType ? { readonly body: z.input<Body<Name>> } : unknown) &
  Pick<ApiInput, "idempotencyKey" | "ifMatch">;

/** The control API as functions of its table: every endpoint by its name, typed from end to end. */
export function createClient({ send }: { readonly send: Send }) {
  return {
    call: async <Name extends EndpointName>(name: Name, input: CallInput<Name>): Promise<CallResult<EndpointOutput<Name>>> =>
      await callEndpoint(send, endpoints[name], input),
  };
}

/** The same of one endpoint as a value, for who does not know its name. */
export async function callEndpoint<Asked extends Endpoint>(
  send: Send,
  endpoint: Asked,
  input: ApiInput,
): Promise<CallResult<z.output<Asked["output"]>>> {
  const answer = await send(requestOf(endpoint, input));
  if (answer === null) return { kind: "unavailable", status: 0, what: "the server", message: "The server cannot be reached." };
  if (answer.status >= 400) return readFailure(answer.status, answer.body);
  const output: Asked["output"] = endpoint.output;
  const parsed = output.safeParse(answer.body);
  if (parsed.success) return { kind: "ok", value: parsed.data };
  const message = `Its answer cannot be read: ${z.prettifyError(parsed.error).split("\n")[0] ?? ""}`;
  return { kind: "unavailable", status: answer.status, what: "the API", message };
}

function requestOf({ method, path }: Pick<Endpoint, "method" | "path">, input: ApiInput): ApiRequest {
  const { params = {}, query = {}, body, idempotencyKey, ifMatch } = input;
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
  };
  return { method, address: requestAddress(path, params, query), headers, body: body === undefined ? null : JSON.stringify(body) };
}

/** Fills `{name}`s of the path and writes the query; an absent value is left out. */
function requestAddress(path: string, params: NonNullable<ApiInput["params"]>, query: NonNullable<ApiInput["query"]>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(plainText(params[name] ?? "")));
  const search = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(plainText(value))}`],
  );
  return search.length === 0 ? filled : `${filled}?${search.join("&")}`;
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const errorSchema = z.object({ error: z.object({ message: z.string(), param: z.string().nullish() }) });

/** Status and OpenAI-shaped error body → what its caller can act on. */
function readFailure(status: number, body: unknown): CallFailure {
  const parsed = errorSchema.safeParse(body);
  const message = parsed.success ? parsed.data.error.message : `The server answered with status ${status}.`;
  const param = parsed.success ? (parsed.data.error.param ?? null) : null;
  if (status === 401 || status === 403) return { kind: "unauthorized", status, message };
  if (status === 404) return { kind: "not-found", status, message };
  if (status === 409 || status === 412) return { kind: "conflict", status, message, param };
  if (status < 500 && status !== 429) return { kind: "invalid", status, message, param };
  return { kind: "unavailable", status, what: param ?? "the server", message };
}
