import { afterAll, beforeAll, test, vi } from "vitest";
import { createKey } from "#core/contracts/api/keys.ts";
import { startControl, type Control } from "./control.fixture.ts";

const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);

let control: Control;
let path: string;

beforeAll(async () => {
  control = await startControl();
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

test("a call may be larger than what else is asked, and names its model", async ({ expect }) => {
  const images = "x".repeat(2_000_000);
  expect((await control.ask("POST", path, { body: { model: "gpt-4o", images } })).status).toBe(503);
  expect(await control.ask("POST", path, { body: { images: "" } })).toMatchObject({ status: 400, body: { error: { param: "model" } } });
});
