import { endpointGroups, type Endpoint } from "../contracts/api/endpoint.ts";
import { endpoints } from "../contracts/api/endpoints.ts";
import { exampleOf } from "./example.ts";
import { failuresByStatus, failureStatusesOf } from "./failures.ts";
import { NamedSchemas, type JsonSchema } from "./json-schema.ts";
import { parametersOf } from "./query-parameters.ts";

const table = Object.entries<Endpoint>(endpoints);

/** The control API as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1), from the table of endpoints. */
export function openApiDocument() {
  const schemas = new NamedSchemas();
  // Answers first: what is sent has a name of its own only where it differs from what is answered.
  const outputs = new Map(table.map(([name, { output }]) => [name, schemas.add(output, "output")]));
  const operations = table.map(([name, endpoint]) => ({
    endpoint,
    operation: operationOf(name, endpoint, schemas, outputs.get(name) ?? {}),
  }));
  const paths = Object.fromEntries(
    Array.from(
      Map.groupBy(operations, ({ endpoint }) => endpoint.path),
      ([path, rows]) => [path, Object.fromEntries(rows.map(({ endpoint, operation }) => [endpoint.method.toLowerCase(), operation]))],
    ),
  );
  return {
    openapi: "3.1.0",
    info: {
      title: "EvalForge control API",
      version: "1",
      description:
        "Organizations, projects, keys, providers, traces, figures and operations of EvalForge. Lists are newest first, in pages: `nextCursor` of one is the `cursor` of the next. " +
        "Money is whole nano-dollars ($0.000 000 001); times are epoch milliseconds. Unknown fields are refused.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(endpointGroups).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes,
      parameters: headerParameters,
      headers: answerHeaders,
      schemas: { ...schemas.all(), Error: errorSchema },
      responses: failureResponses(),
    },
  };
}

const securitySchemes = {
  adminKey: { type: "http", scheme: "bearer", description: "The key of this deployment, `ef_admin_…`: it may do all." },
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "A project's key, `ef_api_…`: it has the scopes `read`, `write` or both, and reaches only paths with its project's id.",
  },
} as const;

const headerParameters = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description:
      "Any text of yours, new for each creation. Sent again within a day under the same key, the same request makes nothing anew and is answered the same.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    required: false,
    description: "The `ETag` of what is to be changed; where something else stands there by now, nothing is changed.",
    schema: { type: "string" },
  },
  IfNoneMatch: {
    name: "If-None-Match",
    in: "header",
    required: false,
    description: "The `ETag` of what is known already.",
    schema: { type: "string" },
  },
} as const;

const answerHeaders = {
  ETag: { description: "The version of what is answered.", schema: { type: "string" } },
  IdempotencyReplayed: { description: "`true`: this is the answer to the same request before.", schema: { type: "string", const: "true" } },
  RetryAfter: { description: "Seconds after which it is worth trying again.", schema: { type: "string" } },
} as const;

const errorSchema = {
  type: "object",
  description: "Why a request was refused, in the shape that OpenAI's clients read.",
  properties: {
    error: {
      type: "object",
      properties: {
        message: { type: "string", description: "For people." },
        type: { type: "string" },
        param: { type: ["string", "null"], description: "The field, header or parameter at fault." },
        code: { type: "string", description: "For programs: a code of the error table." },
      },
      required: ["message", "type", "param", "code"],
    },
  },
  required: ["error"],
} as const satisfies JsonSchema;

function operationOf(name: string, endpoint: Endpoint, schemas: NamedSchemas, output: JsonSchema) {
  const { summary, group, scope, body } = endpoint;
  return {
    operationId: name,
    tags: [group],
    summary,
    description:
      scope === "admin" ? "Needs the admin key." : `Needs the admin key, or an API key of the project with the scope \`${scope}\`.`,
    security: scope === "admin" ? [{ adminKey: [] }] : [{ adminKey: [] }, { apiKey: [scope] }],
    parameters: [...fieldParameters(endpoint), ...headerReferences(endpoint)],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemas.add(body, "input"), example: exampleOf(body) } },
          },
        }),
    responses: {
      "200": { description: "Done.", ...headersOf(endpoint), content: { "application/json": { schema: output } } },
      ...(endpoint.hasVersion === true && endpoint.method === "GET" ? { "304": { description: "It is what `If-None-Match` names." } } : {}),
      ...Object.fromEntries(
        failureStatusesOf(endpoint).map((status) => [String(status), { $ref: `#/components/responses/Failure${status}` }]),
      ),
    },
  };
}

function fieldParameters({ params, query }: Endpoint) {
  return (
    [
      ["path", params],
      ["query", query],
    ] as const
  ).flatMap(([place, schema]) =>
    parametersOf(schema).map(({ name, isRequired, description, schema: text }) => ({
      name,
      in: place,
      required: isRequired,
      ...(description === "" ? {} : { description }),
      schema: text,
    })),
  );
}

function headerReferences({ creates, hasVersion, method }: Endpoint) {
  const names = [
    ...(creates === true ? ["IdempotencyKey"] : []),
    ...(hasVersion === true ? [method === "GET" ? "IfNoneMatch" : "IfMatch"] : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function headersOf({ creates, hasVersion }: Endpoint) {
  if (creates === true) return { headers: { "idempotency-replayed": { $ref: "#/components/headers/IdempotencyReplayed" } } };
  return hasVersion === true ? { headers: { etag: { $ref: "#/components/headers/ETag" } } } : {};
}

function failureResponses() {
  return Object.fromEntries(
    Array.from(failuresByStatus(), ([status, rows]) => [
      `Failure${status}`,
      {
        description: rows.map(({ code, publicText }) => `\`${code}\`: ${publicText}`).join("\n\n"),
        ...(status === 503 || status === 409 ? { headers: { "retry-after": { $ref: "#/components/headers/RetryAfter" } } } : {}),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  );
}
