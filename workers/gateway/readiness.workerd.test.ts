import { env } from "cloudflare:workers";
import { test } from "vitest";
import { readiness } from "./readiness.ts";

test("/ready asks for what is configured: no Redis where a region has none, and every buffer and bucket", async ({ expect }) => {
  const unreachable = { DATABASE_URL: "postgres://nobody:nothing@127.0.0.1:9/none", NEON_FETCH_ENDPOINT: "http://127.0.0.1:9/sql" };
  const redis = { UPSTASH_REDIS_REST_URL_EU_WEST: "http://127.0.0.1:9", UPSTASH_REDIS_REST_TOKEN_EU_WEST: "token" };
  const response = await readiness({ ...env, ...unreachable, ...redis, CREDENTIALS_KEY: "" });
  expect([response.status, await response.json()]).toEqual([
    503,
    {
      status: "degraded",
      down: ["postgres", "redis eu-west"],
      checks: {
        postgres: "down",
        "buffer us-east": "up",
        "r2 us-east": "up",
        "buffer us-west": "up",
        "r2 us-west": "up",
        "redis eu-west": "down",
        "buffer eu-west": "up",
        "r2 eu-west": "up",
      },
    },
  ]);
});
