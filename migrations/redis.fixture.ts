/// <reference types="node" />
import { serveHttp } from "#local/http/server.ts";
import { openRedisCommands } from "#local/redis/commands.ts";
import { upstashFront } from "#local/redis/upstash-front.ts";

/** A Redis over Upstash's REST protocol: the server of `REDIS_URL`, else one in memory. */
export async function startRedis() {
  const commands = openRedisCommands(process.env["REDIS_URL"] ?? null);
  const front = await serveHttp(0, upstashFront(commands, "token"));
  return {
    env: { UPSTASH_REDIS_REST_URL_EU_WEST: `http://127.0.0.1:${front.port}`, UPSTASH_REDIS_REST_TOKEN_EU_WEST: "token" },
    secondsLeft: async (names: readonly string[]): Promise<number[]> => {
      const outcomes = await commands.pipeline(names.map((name) => ["TTL", name]));
      return outcomes.map((outcome) => (outcome.kind === "replied" ? Number(outcome.reply) : -1));
    },
    stop: async () => {
      await front.close();
      commands.close();
    },
  };
}
