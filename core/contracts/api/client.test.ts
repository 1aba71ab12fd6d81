import { describe, expect, test } from "vitest";
import { projectIdSchema } from "../id.ts";
import { createClient, type ApiAnswer, type ApiRequest } from "./client.ts";

const projectId = projectIdSchema.parse("0193c5a0-0000-7000-8000-000000000002");
const key = {
  keyId: "a".repeat(16),
  name: "app",
  record: "normal",
  route: [],
  onDisconnect: "cancel",
  team: null,
  createdAtMs: 5,
  revokedAtMs: null,
};

/** A client that is always answered the same, and what it sends. */
function clientOf(answer: ApiAnswer | null) {
  const sent: ApiRequest[] = [];
  const send = async (request: ApiRequest) => {
    sent.push(request);
    return await Promise.resolve(answer);
  };
  return { sent, ...createClient({ send }) };
}

describe("a call", () => {
  test("fills and escapes the address, and leaves what is absent out of the query", async ({ expect }) => {
    const { call, sent } = clientOf({ status: 200, body: { keys: [], nextCursor: null } });
    expect(await call("listKeys", { params: { projectId }, query: { limit: 5, cursor: undefined } })).toEqual({
      kind: "ok",
      value: { keys: [], nextCursor: null },
    });
    await call("deletePriceOverride", { params: { organizationId: projectId, provider: "a/b" }, query: { model: "m&n ö" } });
    expect(sent).toEqual([
      { method: "GET", address: `/api/projects/${projectId}/keys?limit=5`, headers: {}, body: null },
      {
        method: "DELETE",
        address: `/api/organizations/${projectId}/price-overrides/a%2Fb?model=m%26n%20%C3%B6`,
        headers: {},
        body: null,
      },
    ]);
  });

  test("sends a body, an idempotency key and the version that it changes", async ({ expect }) => {
    const { call, sent } = clientOf({ status: 200, body: { ...key, key: "ef_x" } });
    const created = await call("createKey", { params: { projectId }, query: {}, body: { name: "app" }, idempotencyKey: "once" });
    expect(created).toEqual({ kind: "ok", value: { ...key, key: "ef_x" } });
    await call("updateKey", { params: { projectId, keyId: key.keyId }, query: {}, body: { name: "n" }, ifMatch: '"v1"' });
    expect(sent).toMatchObject([
      { method: "POST", headers: { "content-type": "application/json", "idempotency-key": "once" }, body: '{"name":"app"}' },
      { method: "PATCH", headers: { "if-match": '"v1"' }, body: '{"name":"n"}' },
    ]);
  });

  const refusal = (param: string | null) => ({ error: { message: "Why.", type: "x", param, code: "y" } });
  test.for([
    [401, refusal(null), { kind: "unauthorized", status: 401, message: "Why." }],
    [403, refusal(null), { kind: "unauthorized", status: 403, message: "Why." }],
    [404, refusal("keyId"), { kind: "not-found", status: 404, message: "Why." }],
    [400, refusal("limit"), { kind: "invalid", status: 400, message: "Why.", param: "limit" }],
    [409, refusal("idempotency-key"), { kind: "conflict", status: 409, message: "Why.", param: "idempotency-key" }],
    [412, refusal("if-match"), { kind: "conflict", status: 412, message: "Why.", param: "if-match" }],
    [503, refusal("clickhouse us-east"), { kind: "unavailable", status: 503, what: "clickhouse us-east", message: "Why." }],
    [502, "<html>", { kind: "unavailable", status: 502, what: "the server", message: "The server answered with status 502." }],
    [
      200,
      { keys: 5 },
      { kind: "unavailable", status: 200, what: "the API", message: expect.stringContaining("Its answer cannot be read:") },
    ],
  ] as const)("that is answered %i %j is a value that its caller can act on", async ([status, body, failure], { expect }) => {
    expect(await clientOf({ status, body }).call("listKeys", { params: { projectId }, query: {} })).toEqual(failure);
  });

  test("without an answer is a value too", async ({ expect }) => {
    expect(await clientOf(null).call("listKeys", { params: { projectId }, query: {} })).toEqual({
      kind: "unavailable",
      status: 0,
      what: "the server",
      message: "The server cannot be reached.",
    });
  });
});
