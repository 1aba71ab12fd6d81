import { test } from "vitest";
import { projectPolicySchema } from "#core/contracts/policy.ts";
import { draftOfPolicy, readPolicyDraft } from "./policy-draft.ts";

test("a policy comes out of its form as it went in", ({ expect }) => {
  for (const written of [
    {},
    {
      record: "durable",
      payloads: "off",
      masking: [
        { kind: "detector", detector: "email" },
        { kind: "detector", detector: "secret" },
        { kind: "field", field: "password" },
        { kind: "field", field: "card number" },
        { kind: "pattern", name: "employee", pattern: String.raw`EMP-\d{6}` },
      ],
      retention: { payloadDays: 30, spanDays: 365 },
    },
  ]) {
    const policy = projectPolicySchema.parse(written);
    expect(readPolicyDraft(draftOfPolicy(policy))).toEqual({ kind: "policy", policy });
  }
});

test("what is wrong is said at the field where it stands", ({ expect }) => {
  const draft = draftOfPolicy(projectPolicySchema.parse({}));
  const patterns = [
    { id: "a", name: "fine", pattern: "x+" },
    { id: "b", name: "Not Fine", pattern: "(" },
  ];
  expect(readPolicyDraft({ ...draft, patterns, payloadDays: "30", spanDays: "7" })).toEqual({
    kind: "faulty",
    faults: {
      "b name": "must be lowercase letters, digits and dashes",
      "b pattern": "has a `(` that is not closed",
      payloadDays: "must not be longer than `spanDays`",
    },
  });
  expect(readPolicyDraft({ ...draft, payloadDays: "30", spanDays: "7" })).toEqual({
    kind: "faulty",
    faults: { payloadDays: "must not be longer than `spanDays`" },
  });
  expect(readPolicyDraft({ ...draft, spanDays: "soon" })).toMatchObject({ kind: "faulty", faults: { spanDays: expect.any(String) } });
});
