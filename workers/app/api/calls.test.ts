import { afterAll, beforeAll, test, vi } from "vitest";
import { createKey } from "#core/contracts/api/keys.ts";
import { startControl, type Control } from "./control.fixture.ts";

const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);

let control: Control;
let path: string;
const unreachable = async (): Promise<Response> => await Promise.reject(new Error("unreachable"));
let gateway: (sent: RequestInit) => Promise<Response> = unreachable;

beforeAll(async () => {
  control = await startControl({ fetch: async (_, init) => await gateway(init) });
  const keys = `/api/projects/${control.projectId}/keys`;
  const { keyId } = await control.make(createKey.output, "POST", keys, { body: { name: "k" } });
  path = `${keys}/${keyId}/calls`;
});
afterAll(async () => {
  await control.stop();
});

test("a gateway that cannot be reached is said to be it, and what was asked is logged nowhere", async ({ expect }) => {
  const { status, body, headers } = await control.ask("POST", path, { body: { model: "gpt-4o", messages: "s3cret" } });
  expect([status, headers.get("retry-after"), body]).toMatchObject([503, "1", { error: { code: "dependency_unavailable" } }]);
  expect(JSON.stringify(logged.mock.calls)).not.toContain("s3cret");
});

test("a call may be larger than what else is asked, up to 4 MB, and names its model", async ({ expect }) => {
  const sized = (bytes: number) => ({ body: { model: "gpt-4o", images: "x".repeat(bytes) } });
  expect((await control.ask("POST", path, sized(4_000_000))).status).toBe(503);
  expect(await control.ask("POST", path, sized(4_194_304))).toMatchObject({ status: 413, body: { error: { code: "request_too_large" } } });
  expect(await control.ask("POST", path, { body: { images: "" } })).toMatchObject({ status: 400, body: { error: { param: "model" } } });
});

test("a call reaches the gateway as it was written", async ({ expect }) => {
  const text = '{ "model": "gpt-4o", "seed": 9007199254740993, "temperature": 1.0, "user": "\\u00fc" }';
  const received: unknown[] = [];
  gateway = async ({ body }) => {
    received.push(body);
    return await Promise.resolve(Response.json({}));
  };
  expect((await control.ask("POST", path, { text })).status).toBe(200);
  expect(received).toEqual([text]);
  gateway = unreachable;
});
