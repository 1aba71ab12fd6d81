import { describe, test } from "vitest";
import { storagePolicySchema } from "../contracts/policy.ts";
import { scoreSchema } from "../contracts/score.ts";
import type { Span } from "../contracts/span.ts";
import { spanFixture } from "./span.fixture.ts";
import { applyStoragePolicy, applyStoragePolicyToScore } from "./storage-policy.ts";

const mail = "ada@example.com";
/** A span with an address wherever a text may stand. */
const span = spanFixture({
  name: `mail to ${mail}`,
  error: { code: "upstream_error", message: `no ${mail}`, upstreamStatus: 400 },
  status: "error",
  environment: mail,
  release: mail,
  userId: mail,
  sessionId: `s ${mail}`,
  tags: [mail, "t"],
  metadata: { to: mail, [mail]: "key", account: 4_111_111_111_111_111, Token: "abc", ratio: 0.5, on: true },
  modelRequested: mail,
  parameters: { temperature: 0.5, instructions: `ask ${mail}`, tools: [{ token: "abc", description: mail }], model: "gpt-5", stop: null },
  toolNames: ["lookup", mail],
  usageRaw: JSON.stringify({ tokens: 5, note: mail }),
  input: { kind: "inline", mediaType: "application/json", text: JSON.stringify({ messages: [{ content: mail }], token: "abc" }) },
  output: { kind: "inline", mediaType: "text/plain", text: `hi ${mail}` },
  upstreamRequest: {
    url: "https://api.example/v1",
    changedFields: { model: '"gpt-5"', token: '"abc"', system: JSON.stringify(`ask ${mail}`), messages: JSON.stringify([mail]) },
  },
  client: "agent/1.0",
});
const policy = (given: object) => storagePolicySchema.parse(given);
const masking = [
  { kind: "detector", detector: "email" },
  { kind: "detector", detector: "credit-card" },
  { kind: "field", field: "token" },
];

test("a span of a project that keeps all is the same span, untouched", ({ expect }) => {
  expect(applyStoragePolicy(span, policy({}))).toBe(span);
});

test("masking reaches every text of a span that may be of a person, and no other", ({ expect }) => {
  expect(applyStoragePolicy(span, policy({ masking }))).toEqual({
    ...span,
    name: "mail to [email]",
    error: { code: "upstream_error", message: "no [email]", upstreamStatus: 400 },
    userId: "[email]",
    sessionId: "s [email]",
    tags: ["[email]", "t"],
    metadata: { to: "[email]", "[email]": "key", account: "[credit-card]", Token: "[token]", ratio: 0.5, on: true },
    parameters: {
      temperature: 0.5,
      instructions: "ask [email]",
      tools: [{ token: "[token]", description: "[email]" }],
      model: "gpt-5",
      stop: null,
    },
    toolNames: ["lookup", "[email]"],
    usageRaw: JSON.stringify({ tokens: 5, note: "[email]" }),
    input: {
      kind: "inline",
      mediaType: "application/json",
      text: JSON.stringify({ messages: [{ content: "[email]" }], token: "[token]" }),
    },
    output: { kind: "inline", mediaType: "text/plain", text: "hi [email]" },
    upstreamRequest: {
      url: "https://api.example/v1",
      changedFields: { model: '"gpt-5"', token: '"[token]"', system: '"ask [email]"', messages: '["[email]"]' },
    },
  } satisfies Span);
});

test("with payloads off nothing stays that was said, and the figures do", ({ expect }) => {
  const off = { kind: "omitted", reason: "payloads-off" } as const;
  const kept = applyStoragePolicy(span, policy({ payloads: "off" }));
  expect(kept).toEqual({
    ...span,
    error: { code: "upstream_error", message: "The provider answered with an error.", upstreamStatus: 400 },
    parameters: { temperature: 0.5, model: "gpt-5", stop: null },
    input: off,
    output: off,
    upstreamRequest: { url: "https://api.example/v1", changedFields: {} },
  } satisfies Span);
  const none = { kind: "omitted", reason: "none" } as const;
  const large = { kind: "reference", mediaType: "text/plain", sha256: "a".repeat(64), bytes: 5, preview: "hi" };
  expect(applyStoragePolicy(spanFixture({ input: none, output: large }), policy({ payloads: "off" }))).toMatchObject({
    input: none,
    output: off,
  });
  expect(
    applyStoragePolicy(spanFixture({ error: { code: "theirs", message: "said", upstreamStatus: null } }), policy({ payloads: "off" })).error
      ?.message,
  ).toBe("");
});

test("payloads off and masking hold together", ({ expect }) => {
  expect(
    JSON.stringify(applyStoragePolicy({ ...span, environment: "", release: "", modelRequested: "" }, policy({ payloads: "off", masking }))),
  ).not.toContain("ada@");
});

describe("a score", () => {
  const score = scoreSchema.parse({
    record: "score",
    schemaVersion: 2,
    organizationId: "0193c5a0-0000-7000-8000-000000000001",
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    scoreId: "0193c5a0-0000-7000-8000-000000000003",
    traceId: "a".repeat(32),
    spanId: null,
    sessionId: "ada@example.com",
    name: "helpful",
    type: "label",
    value: null,
    label: "wrote to ada@example.com",
    comment: "ada@example.com asked twice",
    source: "human",
    evaluatorId: "",
    evaluatorVersion: "",
    metadata: { by: "ada@example.com" },
    atMs: 1,
    homeRegion: "us-east",
    servingRegion: "us-east",
    ingestProtocol: "events",
    keyId: null,
    client: "",
  });

  test("is masked in all its words", ({ expect }) => {
    const kept = applyStoragePolicyToScore(score, storagePolicySchema.parse({ masking: [{ kind: "detector", detector: "email" }] }));
    const words = { sessionId: "[email]", label: "wrote to [email]", comment: "[email] asked twice", metadata: { by: "[email]" } };
    expect(kept).toEqual({ ...score, ...words });
  });

  test("keeps no comment where payloads are not kept, and is itself where all is", ({ expect }) => {
    expect(applyStoragePolicyToScore(score, storagePolicySchema.parse({ payloads: "off" }))).toEqual({ ...score, comment: "" });
    expect(applyStoragePolicyToScore(score, storagePolicySchema.parse({}))).toBe(score);
  });
});
