import { describe, test } from "vitest";
import { gzip } from "#adapters/gzip.ts";
import { envWhere } from "#adapters/recorder/recorder.fixture.ts";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import { openinferenceProtobuf } from "#core/ingest/otlp/fixtures/openinference-protobuf.fixture.ts";
import { protobufIds, protobufRequest } from "#core/ingest/otlp/otlp.fixture.ts";
import { bytesField } from "#core/ingest/otlp/wire.ts";
import { otherSignal, traces } from "./post-traces.ts";
import type { Sender } from "./sender.ts";

const sender: Sender = {
  snapshot: keySnapshotSchema.parse({
    keyId: "0123456789abcdef",
    secretHash: "",
    organizationId: "0193c5a0-0000-7000-8000-000000000001",
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    homeRegion: "us-west",
    record: "normal",
    revoked: false,
    credentials: {},
    priceOverrides: {},
  }),
  servingRegion: "us-east",
  client: "test",
};
const protobuf = "application/x-protobuf";
const real = Uint8Array.from(atob(openinferenceProtobuf), (character) => character.charCodeAt(0));
/** Now, so that the test holds next year too. */
const nowNanos = `${Date.now()}000000`;
const jsonOf = (...spans: readonly unknown[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const span = { traceId: "a".repeat(32), spanId: "b".repeat(16), name: "a", startTimeUnixNano: nowNanos, endTimeUnixNano: nowNanos };

const storing = envWhere(({ real: store }) => store());

/** What a face answers: its body as JSON, or as the bytes of protobuf. */
async function post(body: BodyInit, headers: Readonly<Record<string, string>>, face = traces, takingEnv = storing) {
  const request = new Request("http://edge/v1/traces", { method: "POST", body, headers });
  const taken = await face.take(request, takingEnv, sender);
  const answer = taken instanceof Response ? taken : face.refuse(request, taken);
  const type = answer.headers.get("content-type");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const said: unknown = type === protobuf ? [...bytes] : JSON.parse(text);
  return { answer: { status: answer.status, type, retryAfter: answer.headers.get("retry-after"), body: said }, text };
}

describe("OTLP", () => {
  test("is taken in both encodings, whatever their parameters, packed or not, and answered in its own", async ({ expect }) => {
    const ok = { status: 200, type: "application/json", retryAfter: null, body: {} };
    expect((await post(jsonOf(span), { "content-type": "application/json" })).answer).toEqual(ok);
    expect((await post(jsonOf(span), { "content-type": "Application/JSON; charset=utf-8" })).answer).toEqual(ok);
    const packed = gzip(new TextEncoder().encode(jsonOf(span)));
    expect((await post(packed, { "content-type": "application/json", "content-encoding": "gzip" })).answer).toEqual(ok);
    expect((await post("", { "content-type": "application/json" })).answer).toEqual(ok);
    const okBytes = { ...ok, type: protobuf, body: [] };
    expect((await post(new Uint8Array(), { "content-type": protobuf })).answer).toEqual(okBytes);
    expect((await post(gzip(new Uint8Array()), { "content-type": `${protobuf};v=1`, "content-encoding": "gzip" })).answer).toEqual(okBytes);
  });

  test("spans are appended to the buffer of the project's region, and their events with them", async ({ expect }) => {
    const appended: unknown[] = [];
    const noting = envWhere(async ({ spanIds, real: store }) => {
      appended.push(...spanIds);
      return await store();
    });
    const events = [{ timeUnixNano: nowNanos, name: "happened" }];
    await post(jsonOf(span, { ...span, spanId: "c".repeat(16), events }), { "content-type": "application/json" }, traces, noting);
    expect(appended).toEqual(["b".repeat(16), "c".repeat(16), expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });

  test("of a request with wrong spans the others are taken, and the wrong ones counted, with the first reasons", async ({ expect }) => {
    expect((await post(jsonOf(span, { ...span, traceId: "x" }), { "content-type": "application/json" })).answer).toMatchObject({
      status: 200,
      body: {
        partialSuccess: {
          rejectedSpans: "1",
          errorMessage: '1 of 2 spans were not taken: span 1 ("a"): `traceId` must be 16 bytes, not all zero',
        },
      },
    });
    const { answer, text } = await post(protobufRequest([...protobufIds(), 0x0b]), { "content-type": protobuf });
    // `partial_success` is field 1, and field 1 of that `rejected_spans`.
    expect(answer).toMatchObject({ status: 200, body: expect.arrayContaining([0x0a, 0x08, 1]) });
    expect(text).toContain("1 of 1 spans were not taken: span 0: is no protobuf message of a span");
  });

  test.for([
    ["broken protobuf", real.subarray(0, 100), protobuf, 400, "no protobuf message"],
    ["broken JSON", "{", "application/json", 400, "not JSON"],
    ["text that is no UTF-8", new Uint8Array([0x22, 0xff]), "application/json", 400, "not UTF-8"],
    ["another type", "a", "text/plain", 415, "`content-type` must be"],
    ["logs as protobuf", protobufRequest([0x09, 0, 0, 0, 0, 0, 0, 0, 1, ...bytesField(5, "a")]), protobuf, 400, "These are OTLP logs"],
    ["metrics as JSON", '{"resourceMetrics":[]}', "application/json", 400, "These are OTLP metrics"],
    [
      "too many spans",
      jsonOf(...Array.from({ length: 10_001 }, () => 0)),
      "application/json",
      413,
      "5242880 bytes (5 MB, unpacked) and 10000 spans and events",
    ],
    [
      "too many bytes",
      " ".repeat(5 * 1024 * 1024 + 1),
      "application/json",
      413,
      "5242880 bytes (5 MB, unpacked) and 10000 spans and events",
    ],
  ] as const)("%s is refused for good, with the reason in the request's encoding", async ([, body, type, status, words], { expect }) => {
    const { answer, text } = await post(body, { "content-type": type });
    expect(answer).toMatchObject({ status, retryAfter: null, type: type === protobuf ? protobuf : "application/json" });
    expect(text).toContain(words);
  });

  test("a full buffer is answered so that the exporter comes again", async ({ expect }) => {
    const full = envWhere(() => Promise.resolve({ kind: "overloaded", retryAfterMs: 1000 }));
    expect((await post(jsonOf(span), { "content-type": "application/json" }, traces, full)).answer).toMatchObject({
      status: 503,
      retryAfter: "1",
      body: { code: 14 },
    });
  });

  test("other signals are told that they are not taken, and how to leave them out", async ({ expect }) => {
    expect((await post("{}", { "content-type": "application/json" }, otherSignal("logs"))).answer).toEqual({
      status: 404,
      type: "application/json",
      retryAfter: null,
      body: { code: 5, message: "OTLP logs are not taken: leave them out with OTEL_LOGS_EXPORTER=none." },
    });
  });
});
