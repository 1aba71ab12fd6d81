import * as z from "zod";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { endpoints, type EndpointInput, type EndpointName } from "#core/contracts/api/endpoints.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import { readJson } from "./read-json.ts";

/** What an endpoint is asked, parsed by its contract, and the text of its body; or the first field that is wrong, by name. */
export async function readInput<Name extends EndpointName>(
  name: Name,
  request: Request,
  pathParams: Readonly<Record<string, string>>,
): Promise<{ readonly kind: "input"; readonly input: EndpointInput<Name>; readonly bodyText: string } | Failure> {
  const endpoint: Endpoint = endpoints[name];
  const query = readQuery(new URL(request.url).searchParams);
  if (query.kind === "failure") return query;
  let body: unknown = null;
  let bodyText = "";
  if (endpoint.body !== null) {
    const read = await readJson(request, endpoint.bodyBytesMax);
    if (read.kind === "failure") return read;
    body = read.value;
    bodyText = read.text;
  }
  const parts = { params: pathParams, query: query.values, body } as const;
  const schemas = { params: endpoint.params, query: endpoint.query, body: endpoint.body ?? z.null() } as const;
  const parsed: Record<string, unknown> = {};
  for (const part of ["params", "query", "body"] as const) {
    const result = schemas[part].safeParse(parts[part]);
    if (!result.success) return fieldFailure(result.error);
    parsed[part] = result.data;
  }
  // oxlint-disable-next-line typescript/consistent-type-assertions -- parsed just above by the schemas that this type is made of
  return { kind: "input", input: parsed as unknown as EndpointInput<Name>, bodyText };
}

function readQuery(parameters: URLSearchParams): { readonly kind: "query"; readonly values: Record<string, string> } | Failure {
  const names = [...parameters.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return failure("invalid_field", `\`${twice}\` is given more than once.`, twice);
  return { kind: "query", values: Object.fromEntries(parameters) };
}

function fieldFailure(error: z.ZodError): Failure {
  const [issue] = error.issues;
  if (issue === undefined) return failure("invalid_field");
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
  const param = path.length === 0 ? null : path.join(".");
  const subject = param === null ? "The request body" : `\`${param}\``;
  return failure(
    "invalid_field",
    issue.code === "unrecognized_keys" ? `${subject} is not a field of this endpoint.` : `${subject}: ${issue.message}`,
    param,
  );
}
