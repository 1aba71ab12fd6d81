import { test } from "vitest";
import { app } from "../http.ts";

// Nothing here may reach a store: every answer below is given before one is asked.
const env = { ADMIN_KEY: "ef_admin_key" };

test.for([
  ["GET", "/api/dead-letters/mars", null, "region"],
  ["GET", "/api/dead-letters/us-east?day=yesterday", null, "day"],
  ["GET", "/api/dead-letters/us-east?limit=401", null, "limit"],
  ["GET", "/api/dead-letters/us-east?cursor=zz", null, "cursor"],
  ["GET", "/api/dead-letters/us-east/2026-11-24/a.txt", null, "name"],
  ["POST", "/api/dead-letters/us-east/2026-11-24/a.events.json/discard", { reason: "" }, "reason"],
  ["GET", "/api/regions/us-east/raw-objects?fromDay=2026-11-02&toDay=2026-11-01", null, "fromDay"],
  ["GET", "/api/regions/us-east/raw-objects?fromDay=2026-11-01&toDay=2026-11-02&cursor=raw/us-west/2026-11-01/0-1/1", null, "cursor"],
  ["POST", "/api/regions/us-east/replay", { fromDay: "2026-11-02", toDay: "2026-11-01" }, "fromDay"],
  ["POST", "/api/regions/us-east/replay", { fromDay: "2026-11-31", toDay: "2026-12-01" }, "fromDay"],
  ["POST", "/api/regions/us-east/replay", { fromDay: "2026-11-01" }, "toDay"],
] as const)("%s %s %o is refused by the name of the field", async ([method, path, body, param], { expect }) => {
  const headers = { authorization: `Bearer ${env.ADMIN_KEY}` };
  const response = await app.request(path, { method, headers, ...(body === null ? {} : { body: JSON.stringify(body) }) }, env);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "invalid_field", param } }]);
});
