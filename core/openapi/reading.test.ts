import { describe, test } from "vitest";
import { endpoints } from "../contracts/api/endpoints.ts";
import { curlOf } from "./curl.ts";
import { fieldRows } from "./field-rows.ts";

describe("a line for a shell", () => {
  const origin = "https://evalforge.example";
  const lines = (...parts: string[]) => parts.join(" \\\n  ");
  const authorization = '-H "Authorization: Bearer $EVALFORGE_ADMIN_KEY"';

  test("asks an endpoint with what it needs and nothing else", ({ expect }) => {
    expect(curlOf(endpoints.listKeys, origin)).toBe(lines(`curl "${origin}/api/projects/$EVALFORGE_PROJECT_ID/keys"`, authorization));
    expect(curlOf(endpoints.revokeKey, origin)).toBe(
      lines(`curl -X DELETE "${origin}/api/projects/$EVALFORGE_PROJECT_ID/keys/$KEY_ID"`, authorization),
    );
    expect(curlOf(endpoints.rotateKey, origin)).toBe(
      lines(`curl -X POST "${origin}/api/projects/$EVALFORGE_PROJECT_ID/keys/$KEY_ID/rotate"`, authorization),
    );
    expect(curlOf(endpoints.getMetrics, origin)).toBe(
      lines(`curl "${origin}/api/projects/$EVALFORGE_PROJECT_ID/metrics?metrics=requests"`, authorization),
    );
    expect(curlOf(endpoints.deletePriceOverride, origin)).toBe(
      lines(
        `curl -X DELETE "${origin}/api/organizations/$EVALFORGE_ORGANIZATION_ID/price-overrides/openai?model=gpt-4o-mini"`,
        authorization,
      ),
    );
    expect(curlOf(endpoints.createKey, origin)).toBe(
      lines(
        `curl "${origin}/api/projects/$EVALFORGE_PROJECT_ID/keys"`,
        authorization,
        '-H "Content-Type: application/json"',
        `-d '{"name":"app"}'`,
      ),
    );
  });
});

describe("the fields of a schema", () => {
  test("are told from the outside in, with their types, limits and what they are where left out", ({ expect }) => {
    const definitions = {
      Inner: { type: "object", description: "Inside.", properties: { deep: { type: "string", maxLength: 5 } }, required: ["deep"] },
    };
    const schema = {
      type: "object",
      required: ["id", "list"],
      properties: {
        id: { type: "integer", minimum: 1, maximum: 9, description: "An id." },
        list: { type: "array", maxItems: 3, items: { $ref: "#/components/schemas/Inner" } },
        kind: { enum: ["a", "b"], default: "a" },
        either: { anyOf: [{ type: "number" }, { type: "null" }] },
        map: { type: "object", additionalProperties: { type: "object", properties: { value: { type: "boolean" } } } },
        variants: {
          oneOf: [
            { type: "object", properties: { kind: { const: "x" }, one: { type: "string", pattern: "^a" } }, required: ["kind", "one"] },
            { type: "object", properties: { kind: { const: "y" } }, required: ["kind"] },
          ],
        },
      },
    };
    expect(fieldRows(schema, definitions)).toEqual([
      { name: "id", type: "integer", isRequired: true, notes: ["An id.", "1 to 9."] },
      { name: "list", type: "list of object", isRequired: true, notes: ["At most 3 entries."] },
      { name: "list[].deep", type: "string", isRequired: true, notes: ["At most 5 characters."] },
      { name: "kind", type: '"a" or "b"', isRequired: false, notes: ['Where left out: `"a"`.'] },
      { name: "either", type: "number or null", isRequired: false, notes: [] },
      { name: "map", type: "object", isRequired: false, notes: [] },
      { name: "map.*.value", type: "boolean", isRequired: false, notes: [] },
      { name: "variants", type: "object", isRequired: false, notes: [] },
      { name: "variants.kind", type: '"x" or "y"', isRequired: true, notes: [] },
      { name: "variants.one", type: "string", isRequired: false, notes: ['With `kind` "x".', "Matches `^a`."] },
    ]);
  });
});
