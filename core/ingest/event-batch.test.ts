import { describe, test } from "vitest";
import { batchLimits, parseBatch, readItems } from "./event-batch.ts";
import { batchJsonSchema } from "./event-schema.ts";

const nowMs = 1_795_000_000_000;
const good = '{"name":"good","startedAtMs":1795000000000}';
const textOf = (...items: readonly string[]) => `{"events":[${items.join(",")}]}`;
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const item = (fields: string) => `{"name":"odd","startedAtMs":1795000000000,${fields}}`;
const score = (fields: string) => `{"type":"score","traceId":"${"a".repeat(32)}","name":"odd",${fields}}`;

/** What became of one odd item between two good ones: its field and reason, or what is stored of it. */
function outcomeOf(odd: string) {
  const batch = readAll(textOf(good, odd, good), nowMs);
  if (batch.kind === "failure") return batch;
  const [rejected] = batch.rejected;
  if (rejected !== undefined) return { index: rejected.index, field: rejected.field, reason: rejected.reason, taken: batch.items.length };
  return batch.items[1];
}

describe("hostile items", () => {
  const longText = "x".repeat(20_001);
  const entries = Array.from({ length: 201 }, (_, index) => `"k${index}":1`).join(",");
  test.for([
    ["7", null, "Invalid input: expected object, received number"],
    ["null", null, "Invalid input: expected object, received null"],
    [nested(99), null, "Invalid input: expected object, received array"],
    ['{"startedAtMs":1795000000000}', "name", "Invalid input: expected string, received undefined"],
    [item('"type":"trace"'), "type", "Invalid discriminator value. Expected 'span' | 'undefined' | 'event' | 'score'"],
    [item('"colour":"red"'), "colour", "is not a field that there is"],
    [item('"usage":{"tokens":1}'), "usage.tokens", "is not a field that there is"],
    // Times.
    ['{"name":"odd","startedAtMs":-1}', "startedAtMs", "Too small: expected number to be >=0"],
    ['{"name":"odd","startedAtMs":1e400}', "startedAtMs", "Invalid input: expected number, received Infinity"],
    ['{"name":"odd","startedAtMs":1e15}', "startedAtMs", "must not be more than 1 day ahead"],
    ['{"name":"odd","startedAtMs":0}', "startedAtMs", "must not be more than 400 days ago"],
    ['{"name":"odd","startedAtMs":"2026-11-24T00:00:00Z"}', "startedAtMs", "Invalid input: expected number, received string"],
    // Numbers that no store holds exactly, or at all.
    [item('"usage":{"inputTokens":9223372036854775808}'), "usage.inputTokens", "Too big: expected int to be <=9007199254740991"],
    [item('"usage":{"inputTokens":1.5}'), "usage.inputTokens", "Invalid input: expected int, received number"],
    [item('"costNanoUsd":-1'), "costNanoUsd", "Too small: expected number to be >=0"],
    [item('"metadata":{"a":1e400}'), "metadata.a", "must be a number, true, false, or text of at most 20000 characters"],
    // Names and sizes.
    [item('"metadata":{"__proto__":"a"}'), "metadata.__proto__", "must have another name"],
    [item('"metadata":{"__pr\\u006fto__":"a"}'), "metadata.__proto__", "must have another name"],
    [item('"parameters":{"__proto__":{}}'), "parameters.__proto__", "must have another name"],
    [item('"__proto__":{"name":"other"}'), "__proto__", "is not a field that there is"],
    [item('"metadata":{"a":[1]}'), "metadata.a", "must be a number, true, false, or text of at most 20000 characters"],
    [item(`"metadata":{"a":"${longText}"}`), "metadata.a", "Too big: expected string to have <=20000 characters"],
    [item(`"metadata":{"${longText}":1}`), `metadata.${longText.slice(0, 291)}…`, "a name must not be longer than 200 characters"],
    [item(`"metadata":{${entries}}`), "metadata", "must not have more than 200 entries"],
    [item(`"userId":"${longText}"`), "userId", "Too big: expected string to have <=1000 characters"],
    // Depth.
    [nested(5_000), null, "must not nest deeper than 100 levels"],
    [item(`"input":${nested(100)}`), "input", "must not nest deeper than 100 levels"],
    [item(`"parameters":{"a":${nested(99)}}`), "parameters", "must not nest deeper than 100 levels"],
    // Scores.
    [score('"comment":"a"'), "value", "must be a number, true or false, or there must be a `label`"],
    [score('"value":true,"label":"yes"'), "label", "must not stand beside true or false"],
    [score('"value":"good"'), "value", "Invalid input"],
    [`{"type":"score","name":"odd","value":1}`, "traceId", "Invalid input: expected string, received undefined"],
    [score('"value":1,"scoreId":"7"'), "scoreId", "Invalid UUID"],
    [`{"type":"event","name":"odd","startedAtMs":1795000000000}`, "atMs", "Invalid input: expected number, received undefined"],
  ] as const)("%.60s is refused with its field and a reason, and those beside it are taken", ([odd, field, reason], { expect }) => {
    expect(outcomeOf(odd)).toEqual({ index: 1, field, reason, taken: 2 });
  });

  test.for([
    ["NULs in text", item('"userId":"a\\u0000b"'), { userId: "a\u0000b" }],
    ["half a surrogate pair", item('"userId":"\\ud800"'), { userId: "\ud800" }],
    ["a key twice: the last counts", '{"name":"one","name":"two","startedAtMs":1795000000000}', { name: "two" }],
    ["`__proto__` in a payload, as it is", item('"input":{"__proto__":1}'), { input: JSON.parse('{"__proto__":1}') }],
    [
      "brackets in text",
      item(`"input":"${"[".repeat(20_000)}\\"${"[".repeat(20_000)}"`),
      { input: `${"[".repeat(20_000)}"${"[".repeat(20_000)}` },
    ],
    ["a hundred levels", item(`"input":${nested(99)}`), { input: JSON.parse(nested(99)) }],
    ["an end before its start", item('"endedAtMs":5'), { endedAtMs: 5 }],
    [
      "metadata at its limits",
      item(`"metadata":{"${"k".repeat(200)}":"${"x".repeat(20_000)}"}`),
      { metadata: { ["k".repeat(200)]: "x".repeat(20_000) } },
    ],
    ["the largest tokens", item('"usage":{"inputTokens":9007199254740991}'), { usage: { inputTokens: Number.MAX_SAFE_INTEGER } }],
    ["a number beyond 64 bits, as near as a double is", item('"metadata":{"a":9223372036854775808}'), { metadata: { a: 2 ** 63 } }],
  ] as const)("%s: is taken", ([, odd, stored], { expect }) => {
    expect(outcomeOf(odd)).toMatchObject(stored);
  });
});

describe("hostile bodies", () => {
  test.for([
    ["", "invalid_json", null],
    ["{", "invalid_json", null],
    ["[]", "invalid_field", null],
    ["{}", "invalid_field", "events"],
    ['{"events":[]}', "invalid_field", "events"],
    ['{"events":"a"}', "invalid_field", "events"],
    ['{"events":[{}],"more":1}', "invalid_field", "more"],
    ["[".repeat(batchLimits.bytes), "invalid_json", null],
    [`{"events":${nested(20_000)}}`, "invalid_json", null],
    [`"${"[".repeat(20_000)}`, "invalid_json", null],
    [textOf(...Array.from({ length: 1001 }, () => "{}")), "request_too_large", "events"],
  ] as const)("%.40s is refused whole", ([text, code, param], { expect }) => {
    expect(readAll(text, nowMs)).toMatchObject({ kind: "failure", code, param });
  });

  test("too many items are told both limits", ({ expect }) => {
    expect(readAll(textOf(...Array.from({ length: 1001 }, () => good)), nowMs)).toMatchObject({
      message: "There are 1001 items. A request holds at most 5242880 bytes (5 MB, unpacked) and 1000 items.",
    });
  });
});

/** What a body's text comes to. */
function readAll(text: string, atMs: number) {
  const sent = parseBatch(text);
  return sent.kind === "failure" ? sent : readItems(sent, atMs);
}

test("the example of the schema is a batch of which every item is taken", ({ expect }) => {
  const { examples } = batchJsonSchema(nowMs);
  const [example] = Array.isArray(examples) ? examples : [];
  expect(readAll(JSON.stringify(example), nowMs)).toMatchObject({
    kind: "batch",
    items: [{ type: "span" }, { type: "event" }, { type: "score" }],
    rejected: [],
  });
});
