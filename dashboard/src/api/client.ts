import * as z from "zod";
import { endpoints, type EndpointName, type EndpointOutput } from "#core/contracts/api/endpoints.ts";
import type { Session } from "../session.ts";

/** Endpoints that only read; the dashboard calls no others. */
export type ReadName = { [Name in EndpointName]: (typeof endpoints)[Name]["method"] extends "GET" ? Name : never }[EndpointName];

export interface CallInput<Name extends ReadName> {
  readonly params: Omit<z.input<(typeof endpoints)[Name]["params"]>, "projectId">;
  readonly query: Partial<z.output<(typeof endpoints)[Name]["query"]>>;
}

export type CallFailure =
  | { readonly kind: "unauthorized"; readonly message: string }
  | { readonly kind: "not-found"; readonly message: string }
  | { readonly kind: "invalid"; readonly message: string; readonly param: string | null }
  /** `what` cannot be reached at the moment; worth trying again. */
  | { readonly kind: "unavailable"; readonly what: string; readonly message: string };

export type CallResult<Name extends ReadName> = { readonly kind: "ok"; readonly value: EndpointOutput<Name> } | CallFailure;

/** The table, seen so that a name leads to the type of its answer. */
const reads: { readonly [Name in ReadName]: { readonly path: string; readonly output: z.ZodType<EndpointOutput<Name>> } } = endpoints;

const errorSchema = z.object({ error: z.object({ message: z.string(), param: z.string().nullish(), code: z.string().nullish() }) });

/** Calls an endpoint of the table in the session's project. `null`: the signal aborted it. */
export async function call<Name extends ReadName>(
  session: Session,
  name: Name,
  input: CallInput<Name>,
  signal: AbortSignal,
): Promise<CallResult<Name> | null> {
  const endpoint = reads[name];
  const address = requestAddress(endpoint.path, { ...input.params, projectId: session.projectId }, input.query);
  try {
    const response = await fetch(address, { headers: { authorization: `Bearer ${session.adminKey}` }, signal, cache: "no-store" });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) return readFailure(response.status, body);
    const parsed = endpoint.output.safeParse(body);
    if (parsed.success) return { kind: "ok", value: parsed.data };
    return {
      kind: "unavailable",
      what: "the API",
      message: `Its answer cannot be read: ${z.prettifyError(parsed.error).split("\n")[0] ?? ""}`,
    };
  } catch {
    if (signal.aborted) return null;
    return { kind: "unavailable", what: "the server", message: "The server cannot be reached." };
  }
}

/** Fills `{name}`s of the path and writes the query; an absent value is left out. */
export function requestAddress(path: string, params: Readonly<Record<string, unknown>>, query: Readonly<Record<string, unknown>>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(plainText(params[name])));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, plainText(value)]])),
  );
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Status and OpenAI-shaped error body → what the page says. */
export function readFailure(status: number, body: unknown): CallFailure {
  const parsed = errorSchema.safeParse(body);
  const message = parsed.success ? parsed.data.error.message : `The server answered with status ${status}.`;
  const param = parsed.success ? (parsed.data.error.param ?? null) : null;
  if (status === 401 || status === 403) return { kind: "unauthorized", message };
  if (status === 404) return { kind: "not-found", message };
  if (status >= 400 && status < 500 && status !== 429) return { kind: "invalid", message, param };
  return { kind: "unavailable", what: param ?? "the server", message };
}
