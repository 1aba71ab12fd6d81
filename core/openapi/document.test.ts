import { describe, test } from "vitest";
import * as z from "zod";
import type { Endpoint } from "../contracts/api/endpoint.ts";
import { endpoints } from "../contracts/api/endpoints.ts";
import { openApiDocument } from "./document.ts";
import { exampleOf } from "./example.ts";
import { jsonSchemaSchema, type JsonSchema } from "./json-schema.ts";

// As a client reads it.
const text = JSON.stringify(openApiDocument());
const description = z.string().min(1);
const reference = z.strictObject({ $ref: z.string() });
const schemaSchema = jsonSchemaSchema;
const media = z.strictObject({ "application/json": z.strictObject({ schema: schemaSchema, example: z.unknown().optional() }) });
const header = z.strictObject({ description, schema: schemaSchema });
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean(),
  description: description.optional(),
  schema: schemaSchema,
});
const response = z.strictObject({ description, headers: z.record(z.string(), reference).optional(), content: media.optional() });
const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()).length(1),
  summary: description,
  description,
  security: z.array(z.record(z.string(), z.array(z.string()))).min(1),
  parameters: z.array(z.union([parameter, reference])),
  requestBody: z.strictObject({ required: z.literal(true), content: media }).optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.union([response, reference])),
});
const methods = z.partialRecord(z.enum(["get", "post", "put", "patch", "delete"]), operation);
/** What OpenAPI 3.1.1 asks of a document of ours, field by field. */
const documentSchema = z.strictObject({
  openapi: z.literal("3.1.0"),
  info: z.strictObject({
    title: description,
    version: description,
    description,
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string(), description })),
  paths: z.record(z.string().regex(/^\/api\//), methods),
  components: z.strictObject({
    securitySchemes: z.record(z.string(), z.strictObject({ type: z.literal("http"), scheme: z.literal("bearer"), description })),
    parameters: z.record(z.string(), parameter),
    headers: z.record(z.string(), header),
    schemas: z.record(z.string().regex(/^[\w.-]+$/), schemaSchema),
    responses: z.record(z.string(), response),
  }),
});
const document = documentSchema.parse(JSON.parse(text));
const rows = Object.entries<Endpoint>(endpoints);
const operationOf = ({ method, path }: Endpoint) =>
  document.paths[path]?.[z.enum(["get", "post", "put", "patch", "delete"]).parse(method.toLowerCase())];

describe("the document", () => {
  test("has every endpoint once, under its group, with its scope", ({ expect }) => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(rows.map(([name]) => name).toSorted());
    const tags = document.tags.map(({ name }) => name);
    for (const [name, endpoint] of rows) {
      const found = operationOf(endpoint);
      expect([found?.operationId, found?.tags, found?.summary]).toEqual([name, [endpoint.group], endpoint.summary]);
      expect(found?.security).toEqual(endpoint.scope === "admin" ? [{ adminKey: [] }] : [{ adminKey: [] }, { apiKey: [endpoint.scope] }]);
      expect(tags).toContain(endpoint.group);
      expect(found?.requestBody === undefined).toBe(endpoint.body === null);
    }
  });

  test("leads with every reference to something that is there", ({ expect }) => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = ""]) => target);
    expect(references.length).toBeGreaterThan(50);
    for (const target of new Set(references)) {
      let place: unknown = JSON.parse(text);
      for (const step of target.replace(/^#\//, "").split("/")) place = z.record(z.string(), z.unknown()).parse(place)[step];
      expect([target, place !== undefined]).toEqual([target, true]);
    }
    expect(text).not.toContain("$defs");
  });

  test("names every parameter of a path once, as required, and no other", ({ expect }) => {
    for (const [name, endpoint] of rows) {
      const parameters = (operationOf(endpoint)?.parameters ?? []).flatMap((each) => ("$ref" in each ? [] : [each]));
      const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, parameterName]) => parameterName);
      expect([name, parameters.filter((each) => each.in === "path").map((each) => each.name)]).toEqual([name, inPath]);
      expect(parameters.every((each) => each.required || each.in !== "path")).toBe(true);
      expect(new Set(parameters.map((each) => `${each.in} ${each.name}`)).size).toBe(parameters.length);
    }
  });

  test("tells of idempotency keys and versions where they are honoured, and nowhere else", ({ expect }) => {
    for (const [name, endpoint] of rows) {
      const told = JSON.stringify(operationOf(endpoint));
      expect([name, told.includes("parameters/IdempotencyKey"), told.includes("IdempotencyReplayed")]).toEqual([
        name,
        endpoint.creates === true,
        endpoint.creates === true,
      ]);
      expect([name, told.includes("headers/ETag"), told.includes("/If")]).toEqual([
        name,
        endpoint.hasVersion === true,
        endpoint.hasVersion === true,
      ]);
      expect([name, told.includes("Failure412")]).toEqual([name, endpoint.hasVersion === true && endpoint.method !== "GET"]);
    }
  });

  test("tells numbers of a query as numbers, with what they are where left out", ({ expect }) => {
    const parameters = operationOf(endpoints.listKeys)?.parameters ?? [];
    expect(parameters).toContainEqual(
      expect.objectContaining({
        name: "limit",
        in: "query",
        required: false,
        schema: { type: "integer", minimum: 1, maximum: 200, default: 50 },
      }),
    );
  });

  test("has a form of its own for what is sent otherwise than it is answered", ({ expect }) => {
    const { schemas } = document.components;
    const requiredOf = (schema: JsonSchema | undefined) => schema?.required ?? [];
    expect(requiredOf(schemas["ProjectPolicy"])).toEqual(["record", "payloads", "masking", "retention"]);
    expect(requiredOf(schemas["ProjectPolicyInput"])).toEqual([]);
    expect(operationOf(endpoints.putPolicy)?.requestBody?.content["application/json"].schema).toEqual({
      $ref: "#/components/schemas/ProjectPolicyInput",
    });
  });
});

test.for(rows.filter(([, { body }]) => body !== null))("the example of %s is one that it takes", ([, { body }], { expect }) => {
  if (body === null) return;
  expect(body.safeParse(exampleOf(body))).toMatchObject({ success: true });
});
