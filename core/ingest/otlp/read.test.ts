import fc from "fast-check";
import { describe, test } from "vitest";
import { openinferenceProtobuf } from "./fixtures/openinference-protobuf.fixture.ts";
import { protobufIds, protobufRequest, realRequests, sentAtMs } from "./otlp.fixture.ts";
import { readJsonRequest } from "./read-json.ts";
import { readProtobuf } from "./read-protobuf.ts";
import { bytesField } from "./wire.ts";

const realBytes = Uint8Array.from(Buffer.from(openinferenceProtobuf, "base64"));

/** An attribute `a` of a span, whose `AnyValue` has these bytes. */
const attribute = (value: readonly number[]) => bytesField(9, [...bytesField(1, "a"), ...bytesField(2, value)]);

/** The spans of a request in protobuf, or what else it is. */
function spansIn(body: Uint8Array) {
  const read = readProtobuf(body);
  return read.kind === "spans" ? read.resources.flatMap(({ scopes }) => scopes.flatMap(({ spans }) => spans)) : read;
}

describe("protobuf", () => {
  test("what an exporter sends is read as the same as its JSON", ({ expect }) => {
    const read = readProtobuf(realBytes);
    expect(read).toMatchObject(readJsonRequest(JSON.stringify(realRequests.openinference)));
    expect(read).toMatchObject({ kind: "spans" });
  });

  test("an empty body is an empty request", ({ expect }) => {
    expect(readProtobuf(new Uint8Array())).toEqual({ kind: "spans", resources: [] });
  });

  test("whatever the bytes, they are read in the end, and a cut body is broken", ({ expect }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(["spans", "broken", "other-signal"]).toContain(readProtobuf(bytes).kind);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(realBytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = realBytes.slice();
        for (const [index, byte] of changes) bytes[index] = byte;
        expect(["spans", "broken", "other-signal"]).toContain(readProtobuf(bytes).kind);
      }),
      { numRuns: 2_000 },
    );
    for (let length = 1; length < realBytes.length; length += 1) expect(readProtobuf(realBytes.subarray(0, length)).kind).toBe("broken");
  });

  test("a span whose own bytes are broken is unreadable alone", ({ expect }) => {
    const good = protobufIds();
    const unreadable = { unreadable: "is no protobuf message of a span, or nests too deep" };
    expect(spansIn(protobufRequest(good, [...good, 9 * 8 + 2, 200, 1], [...good, 0x0b], good))).toMatchObject([
      { traceId: "aa".repeat(16), startedAtMs: sentAtMs },
      unreadable,
      unreadable,
      { spanId: "bb".repeat(8), kind: 3 },
    ]);
  });

  test("fields that are not known are passed over, of every wire type", ({ expect }) => {
    expect(
      spansIn(protobufRequest([...protobufIds(), ...bytesField(99, "later"), 0xa5, 0x06, 1, 2, 3, 4, 0xa8, 0x06, 0xff, 0x01])),
    ).toMatchObject([{ traceId: "aa".repeat(16) }]);
  });

  test.for([
    ["a small integer", [0x18, 5], 5],
    ["-1", [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], -1],
    ["2^53 - 1", [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], Number.MAX_SAFE_INTEGER],
    ["2^63 - 1, as its digits", [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "9223372036854775807"],
    ["true", [0x10, 1], true],
    ["no number", [0x21, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f], "NaN"],
    ["text that is no UTF-8", [0x0a, 1, 0xff], "\ufffd"],
    ["bytes", [0x3a, 2, 1, 0xff], "01ff"],
    ["a list", bytesField(5, [...bytesField(1, [0x18, 1]), ...bytesField(1, bytesField(1, "b"))]), [1, "b"]],
    ["a map", bytesField(6, bytesField(1, [...bytesField(1, "k"), ...bytesField(2, [0x10, 0])])), { k: false }],
    ["nothing", [], null],
  ] as const)("an attribute's value: %s", ([, bytes, value], { expect }) => {
    expect(spansIn(protobufRequest([...protobufIds(), ...attribute(bytes)]))).toMatchObject([{ attributes: [["a", value]] }]);
  });

  test("values nest to a limit, past which their span is unreadable", ({ expect }) => {
    const nested = (levels: number): number[] => (levels === 0 ? [0x18, 1] : bytesField(5, bytesField(1, nested(levels - 1))));
    expect(
      spansIn(protobufRequest([...protobufIds(), ...attribute(nested(32))], [...protobufIds(), ...attribute(nested(33))])),
    ).toMatchObject([{ traceId: "aa".repeat(16) }, { unreadable: expect.stringContaining("nests too deep") }]);
  });

  test("logs are told from spans", ({ expect }) => {
    const log = [1 * 8 + 1, 0, 0, 0, 0, 0, 0, 0, 1, 2 * 8, 9, ...bytesField(5, bytesField(1, "body"))];
    expect(readProtobuf(protobufRequest(log))).toEqual({ kind: "other-signal", signal: "logs" });
  });
});

describe("JSON", () => {
  const bodyOf = (...spans: readonly unknown[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const spanIn = (span: unknown) => {
    const read = readJsonRequest(bodyOf(span));
    return read.kind === "spans" ? read.resources[0]?.scopes[0]?.spans[0] : read;
  };
  const ids = { traceId: "A".repeat(32), spanId: "B".repeat(16) };

  test.for([
    ["", "spans"],
    ["{}", "spans"],
    ['{"resourceSpans":null}', "spans"],
    ["{", "broken"],
    ["[]", "broken"],
    ["7", "broken"],
    ['{"resourceSpans":7}', "broken"],
    ['{"resourceSpans":[{"scopeSpans":{}}]}', "broken"],
    [`{"resourceSpans":${"[".repeat(4000)}${"]".repeat(4000)}}`, "broken"],
    ['{"resourceLogs":[]}', "other-signal"],
    ['{"resourceMetrics":[]}', "other-signal"],
  ] as const)("%.60s is %s", ([body, kind], { expect }) => {
    expect(readJsonRequest(body).kind).toBe(kind);
  });

  test("64 bits may be text or numbers, ids of any case, enumerations numbers or names", ({ expect }) => {
    const span = spanIn({
      ...ids,
      kind: "SPAN_KIND_CLIENT",
      startTimeUnixNano: "1795536300000123999",
      endTimeUnixNano: 1_795_536_300_000_000_000,
      status: { code: "STATUS_CODE_ERROR", message: "no" },
      attributes: [
        { key: "digits", value: { intValue: "9007199254740993" } },
        { key: "number", value: { intValue: 5 } },
        { key: "none", value: { doubleValue: "NaN" } },
        {
          key: "list",
          value: {
            arrayValue: { values: [{ boolValue: true }, { kvlistValue: { values: [{ key: "a", value: { stringValue: "b" } }] } }] },
          },
        },
        { key: "empty", value: { arrayValue: {} } },
        { key: "nothing" },
        { key: 5 },
      ],
    });
    expect(span).toMatchObject({
      traceId: "a".repeat(32),
      spanId: "b".repeat(16),
      kind: 3,
      startedAtMs: 1_795_536_300_000.123,
      endedAtMs: 1_795_536_300_000,
      statusCode: 2,
      statusMessage: "no",
      attributes: [
        ["digits", "9007199254740993"],
        ["number", 5],
        ["none", "NaN"],
        ["list", [true, { a: "b" }]],
        ["empty", []],
        ["nothing", null],
      ],
    });
  });

  test.for([
    [{ ...ids, startTimeUnixNano: "soon" }, "`startTimeUnixNano`: must be nanoseconds"],
    [{ ...ids, attributes: 5 }, "`attributes`: Invalid input: expected array, received number"],
    [7, "``: Invalid input: expected object, received number"],
  ] as const)("a span that is none is unreadable alone: %j", ([span, unreadable], { expect }) => {
    expect(spanIn(span)).toEqual({ unreadable });
  });

  test("any JSON is read in the end", ({ expect }) => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("resourceSpans", "scopeSpans", "spans", "attributes", "value"), (value, name) => {
        const wrapped = {
          resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids, [name]: value, attributes: [{ key: "a", value }] }] }] }],
          [name]: value,
        };
        expect(["spans", "broken"]).toContain(readJsonRequest(JSON.stringify(wrapped)).kind);
      }),
    );
  });
});
