import fc from "fast-check";
import * as z from "zod";
import { describe, test } from "vitest";
import { spanSchema } from "./contracts/span.ts";
import { guardOf } from "./guard.ts";
import { spanEventSchema } from "./ingest/event-span.ts";
import { spanFixture } from "./ingest/span.fixture.ts";

const wholeEvent = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  parentSpanId: "00f067aa0ba902b8",
  name: "chat",
  kind: "generation",
  startedAtMs: 1_795_000_000_000.25,
  endedAtMs: 1_795_000_001_000,
  status: "error",
  error: { message: "no" },
  environment: "production",
  userId: "ada",
  tags: ["one", "two"],
  metadata: { plan: "team", turn: 2, paid: true },
  provider: "openai",
  modelRequested: "gpt-4o",
  parameters: { temperature: 0.5, tools: [{ name: "search" }] },
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 5 },
  ttftMs: 12.5,
  input: [{ role: "user", content: "Hi" }],
  output: "Hello.",
};
const wholeSpan = {
  ...spanFixture({
    error: { code: "upstream_error", message: "no", upstreamStatus: 500 },
    metadata: { plan: "team", turn: 2, paid: true },
    tags: ["one"],
    finishReason: { unified: "stop", raw: "end_turn" },
    usage: {
      inputTokens: 1,
      inputCachedTokens: 0,
      cacheWriteTokens: 0,
      inputAudioTokens: 0,
      inputImageTokens: 0,
      outputTokens: 2,
      reasoningTokens: 0,
      outputAudioTokens: 0,
    },
    cost: {
      source: "price-book",
      priceVersion: "1",
      buckets: {
        inputTokens: 1,
        inputCachedTokens: 0,
        cacheWriteTokens: 0,
        inputAudioTokens: 0,
        inputImageTokens: 0,
        outputTokens: 2,
        reasoningTokens: 0,
        outputAudioTokens: 0,
      },
      totalNanoUsd: 3,
    },
    upstreamRequest: { url: "https://provider.test/v1", changedFields: { model: '"gpt-5"' } },
    keyId: "0123456789abcdef",
  }),
};
const schemas = { event: { schema: spanEventSchema, whole: wholeEvent }, span: { schema: spanSchema, whole: wholeSpan } } as const;

const odd = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    "ok",
    "span",
    0,
    -1,
    1.5,
    1e16,
    -0,
    "a".repeat(1001),
    "0".repeat(32),
    [],
    {},
    ["x"],
    { x: 1 },
    { kind: "inline" },
  ),
  fc.jsonValue(),
);

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Every place in a value, as the names that lead to it. */
function placesOf(value: unknown): string[][] {
  if (!isJson(value)) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner).map((place) => [name, ...place]))];
}

/** The same with another value at one place: `undefined` takes it away. */
function changed(value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  if (name === undefined || !isJson(value)) return to;
  const inner = changed(value[name], rest, to);
  if (Array.isArray(value)) return value.map((element: unknown, index) => (String(index) === name ? inner : element));
  return { ...value, [name]: inner };
}

const jsonOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");

describe.each(["event", "span"] as const)("of the %s's schema", (name) => {
  const { schema, whole }: { readonly schema: z.ZodType; readonly whole: unknown } = schemas[name];
  const guard = guardOf(schema);
  const places = placesOf(whole);
  const change = fc.record({
    place: fc.constantFrom(...places),
    extra: fc.option(fc.constantFrom("colour", "__proto__", "constructor", "toString"), { nil: undefined, freq: 3 }),
    to: fc.oneof(odd, fc.constant(undefined)),
  });
  const changedValue = fc
    .array(change, { maxLength: 3 })
    .map((changes) =>
      changes.reduce<unknown>((value, { place, extra, to }) => changed(value, extra === undefined ? place : [...place, extra], to), whole),
    );

  test("the guard takes only what zod takes, and gives the same", ({ expect }) => {
    let taken = 0;
    fc.assert(
      fc.property(changedValue, (value) => {
        const [forGuard, forZod] = [jsonOf(value), jsonOf(value)];
        const parsed = schema.safeParse(forZod);
        const fits = guard.fits(forGuard);
        expect(forGuard).toEqual(forZod);
        expect(guard.takes(forGuard)).toBe(fits);
        if (fits) {
          taken += 1;
          expect({ success: true, data: forGuard }).toEqual(parsed);
          expect(JSON.stringify(forGuard).length).toBe(JSON.stringify(parsed.data).length);
        } else {
          expect(forGuard).toEqual(forZod);
          // What zod takes and the guard does not is only what holds the one name that zod leaves out.
          if (parsed.success) expect(JSON.stringify(value)).toContain("__proto__");
        }
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  test("a whole one and one of required fields alone are taken", ({ expect }) => {
    const required = Object.keys(whole ?? {}).reduce<unknown>((value, field) => {
      const without = changed(value, [field], undefined);
      return schema.safeParse(without).success ? without : value;
    }, whole);
    expect([whole, required].map((value) => guard.fits(jsonOf(value)))).toEqual([true, true]);
  });
});

test("what the guard does not know fits nothing, so that zod is asked", ({ expect }) => {
  const schemasUnknown = [
    z.string().trim(),
    z.looseObject({}),
    z.string().transform((text) => text),
    z.object({ toString: z.string().optional() }),
    z.union([z.object({ a: z.string().default("") }), z.string()]),
    z.tuple([z.string()]),
    z.object({ a: z.unknown() }),
  ];
  expect(
    schemasUnknown.map((schema) => guardOf(schema).fits(schema === schemasUnknown[5] ? [""] : schema === schemasUnknown[6] ? {} : "")),
  ).toEqual(schemasUnknown.map(() => false));
});
