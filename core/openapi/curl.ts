import type { Endpoint } from "../contracts/api/endpoint.ts";
import { exampleOf } from "./example.ts";
import { parametersOf, type Parameter } from "./query-parameters.ts";

/** A request as a line for a shell. What it names as `$…` must be set there before. */
export interface CurlRequest {
  readonly method: string;
  /** May hold `$…`. */
  readonly url: string;
  /** The variable that holds the key. */
  readonly keyVariable: string;
  /** JSON; `undefined`: none. */
  readonly body: unknown;
}

/** The line, over several lines of the screen. */
export function curlLine({ method, url, keyVariable, body }: CurlRequest): string {
  const verb = method === "GET" || (method === "POST" && body !== undefined) ? "" : ` -X ${method}`;
  const lines = [`curl${verb} "${url}"`, `-H "Authorization: Bearer $${keyVariable}"`];
  if (body !== undefined) lines.push('-H "Content-Type: application/json"', `-d '${jsonText(body).replaceAll("'", String.raw`'\''`)}'`);
  return lines.join(" \\\n  ");
}

const lineCharactersMax = 80;

function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= lineCharactersMax ? text : JSON.stringify(value, null, 2);
}

/** An endpoint of the control API, asked with what it needs and nothing else. `origin` is where it is served. */
export function curlOf(endpoint: Endpoint, origin: string): string {
  const { method, path, params, query, body } = endpoint;
  const values = new Map(parametersOf(params).map((parameter) => [parameter.name, pathValue(parameter)]));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? "");
  const asked = parametersOf(query).flatMap((parameter) => (parameter.isRequired ? [`${parameter.name}=${queryValue(parameter)}`] : []));
  const url = `${origin}${filled}${asked.length === 0 ? "" : `?${asked.join("&")}`}`;
  return curlLine({ method, url, keyVariable: "EVALFORGE_ADMIN_KEY", body: body === null ? undefined : exampleOf(body) });
}

/** Ids that every reader needs have names that are theirs alone. */
const variables: Readonly<Record<string, string>> = { projectId: "EVALFORGE_PROJECT_ID", organizationId: "EVALFORGE_ORGANIZATION_ID" };

function pathValue({ name, schema }: Parameter): string {
  const given = schema.examples?.[0] ?? schema.enum?.[0];
  return typeof given === "string" ? given : `$${variables[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function queryValue({ schema }: Parameter): string {
  const given = schema.examples?.[0] ?? schema.enum?.[0] ?? schema.minimum ?? "";
  return typeof given === "string" ? encodeURIComponent(given) : JSON.stringify(given);
}
