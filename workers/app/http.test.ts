import { describe, test } from "vitest";
import { bodyBytesMax } from "./api/read-json.ts";
import { app } from "./http.ts";

const adminKey = "ef_admin_0123456789abcdef";
// Nothing here may reach a store: every answer below is given before one is asked.
const env = {
  ADMIN_KEY: adminKey,
  DATABASE_URL: "postgres://nobody:hidden-word@127.0.0.1:9/none",
  NEON_FETCH_ENDPOINT: "http://127.0.0.1:9/sql",
};
const projectId = "0193c5a0-0000-7000-8000-000000000002";
const keysPath = `/api/projects/${projectId}/keys`;

async function ask(path: string, init: RequestInit = {}, key: string | null = adminKey) {
  const headers = new Headers(init.headers);
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  const response = await app.request(path, { ...init, headers }, env);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const post = (value: string) => ({ method: "POST", body: value });
const error = (type: string, code: string, message: string, param: string | null = null) => ({ error: { message, type, param, code } });
const invalidField = (param: string | null, message: string) => ({
  status: 400,
  body: error("invalid_request_error", "invalid_field", message, param),
});

describe("the control API", () => {
  test("lets nobody in where no admin key is set", async ({ expect }) => {
    const response = await app.request(keysPath, { headers: { authorization: "Bearer undefined" } }, { ...env, ADMIN_KEY: "" });
    expect(response.status).toBe(401);
  });

  test("names the field that is wrong, wherever it stands", async ({ expect }) => {
    expect(await ask("/api/projects/none/keys")).toMatchObject(invalidField("projectId", "`projectId`: Invalid UUID"));
    expect(await ask(`/api/projects/${projectId}/traces?limit=900`)).toMatchObject(
      invalidField("limit", "`limit`: Too big: expected number to be <=200"),
    );
    for (const text of ["", "%20", "0x10", "1.5", "-1", "1e3"]) {
      expect(await ask(`/api/projects/${projectId}/traces?fromMs=${text}`)).toMatchObject(
        invalidField("fromMs", "`fromMs`: must be a whole number"),
      );
    }
    expect(await ask(`/api/projects/${projectId}/traces?limits=9`)).toMatchObject(
      invalidField("limits", "`limits` is not a field of this endpoint."),
    );
    expect(await ask(`/api/projects/${projectId}/traces?limit=1&limit=2`)).toMatchObject(
      invalidField("limit", "`limit` is given more than once."),
    );
    expect(await ask(`/api/projects/${projectId}/traces?cursor=zz`)).toMatchObject(
      invalidField("cursor", "`cursor` must be the `nextCursor` of an earlier page."),
    );
    for (const cursor of ["zz", `1.${"a".repeat(32)}`]) {
      expect(await ask(`/api/projects/${projectId}/traces/${"a".repeat(32)}?cursor=${cursor}`)).toMatchObject(
        invalidField("cursor", "`cursor` must be the `nextCursor` of an earlier page."),
      );
    }
    expect(await ask(`/api/projects/${projectId}/traces?fromMs=2&toMs=1`)).toMatchObject(
      invalidField("fromMs", "`fromMs` must not be later than `toMs`."),
    );
    expect(await ask(keysPath, post('{"name":""}'))).toMatchObject(
      invalidField("name", "`name`: Too small: expected string to have >=1 characters"),
    );
    expect(await ask(keysPath, post('{"name":"a","admin":true}'))).toMatchObject(
      invalidField("admin", "`admin` is not a field of this endpoint."),
    );
    expect(await ask(keysPath, post("[]"))).toMatchObject(
      invalidField(null, "The request body: Invalid input: expected object, received array"),
    );
    const rates = JSON.stringify({ model: "m", ratesNanoUsdPerThousand: { inputTokens: -1, outputTokens: 1 } });
    expect(await ask(`/api/organizations/${projectId}/price-overrides/openai`, { method: "PUT", body: rates })).toMatchObject(
      invalidField("ratesNanoUsdPerThousand.inputTokens", "`ratesNanoUsdPerThousand.inputTokens`: Too small: expected number to be >=0"),
    );
  });

  test("refuses a body that is no JSON, or no UTF-8", async ({ expect }) => {
    const invalid = { status: 400, body: error("invalid_request_error", "invalid_json", "The request body is not valid JSON.") };
    expect(await ask(keysPath, post("{"))).toMatchObject(invalid);
    expect(await ask(keysPath, { method: "POST" })).toMatchObject(invalid);
    expect(await ask(keysPath, { method: "POST", body: new Uint8Array([34, 0xff, 34]) })).toMatchObject(invalid);
  });

  test("refuses a body over its limit, also one that does not tell its length", async ({ expect }) => {
    const tooLarge = {
      status: 413,
      body: error("invalid_request_error", "request_too_large", "The request body is larger than 1048576 bytes."),
    };
    const text = `"${"a".repeat(bodyBytesMax)}"`;
    expect(await ask(keysPath, post(text))).toMatchObject(tooLarge);
    const chunked = { method: "POST", body: new Blob([text]).stream(), duplex: "half" as const };
    expect(await ask(keysPath, chunked)).toMatchObject(tooLarge);
  });

  test("says which methods an address takes, and that others are none", async ({ expect }) => {
    const patched = await ask(keysPath, { method: "PATCH" });
    expect(patched).toMatchObject({
      status: 405,
      body: error("invalid_request_error", "method_not_allowed", "This address takes POST, GET."),
    });
    expect(patched.headers.get("allow")).toBe("POST, GET");
    expect(await ask("/api/nothing")).toMatchObject({
      status: 404,
      body: error("not_found_error", "not_found", "There is nothing at this address."),
    });
  });

  test("names a store that is down, and tells nothing of its address", async ({ expect }) => {
    const answer = await ask(keysPath);
    expect(answer).toMatchObject({
      status: 503,
      body: error("server_error", "dependency_unavailable", "A store that this needs cannot be reached: postgres."),
    });
    expect(JSON.stringify(answer.body)).not.toContain("hidden-word");
  });
});

test("every answer carries the headers that keep strangers' text from running", async ({ expect }) => {
  const { headers, body, status } = await ask("/health", {}, null);
  expect({ status, body }).toEqual({ status: 200, body: { status: "ok" } });
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
});
