import { test } from "vitest";
import * as z from "zod";
import { initialValues, readForm, schemaFields } from "./schema-fields.ts";

const schema = z.strictObject({
  name: z.string().min(2),
  mode: z.enum(["normal", "durable"]).default("normal").meta({ description: "How." }),
  scopes: z.array(z.enum(["read", "write"])).min(1, "must name a scope"),
  onRoute: z.array(z.string()).default([]),
  baseUrl: z.string().optional(),
  nested: z.object({}).optional(),
});
const fields = schemaFields(schema);

test("a form has the fields of its schema, and asks for each in its way", ({ expect }) => {
  expect(fields).toEqual([
    { name: "name", label: "Name", description: "", isRequired: true, input: { kind: "text" } },
    { name: "mode", label: "Mode", description: "How.", isRequired: false, input: { kind: "choice", options: ["normal", "durable"] } },
    { name: "scopes", label: "Scopes", description: "", isRequired: true, input: { kind: "choices", options: ["read", "write"] } },
    { name: "onRoute", label: "On route", description: "", isRequired: false, input: { kind: "lines" } },
    { name: "baseUrl", label: "Base url", description: "", isRequired: false, input: { kind: "text" } },
  ]);
});

test("what is filled in is read as the schema says, and what is wrong is said of its field", ({ expect }) => {
  const empty = initialValues(fields, {});
  expect([
    readForm(schema, fields, empty),
    readForm(schema, fields, { ...empty, name: "app", scopes: ["read"], onRoute: " a/b \n\nc/d" }),
    initialValues(fields, { name: "app", onRoute: ["a", "b"], scopes: ["write"], mode: "durable" }),
  ]).toEqual([
    { kind: "invalid", faults: { name: expect.stringContaining("2"), scopes: "must name a scope" } },
    { kind: "valid", value: { name: "app", mode: "normal", scopes: ["read"], onRoute: ["a/b", "c/d"] } },
    { name: "app", mode: "durable", scopes: ["write"], onRoute: "a\nb", baseUrl: "" },
  ]);
});
