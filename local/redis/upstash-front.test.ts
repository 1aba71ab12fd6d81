import { Redis } from "@upstash/redis";
import { afterAll, beforeAll, describe, test } from "vitest";
import { serveHttp, type HttpFront } from "../http/server.ts";
import { host } from "../ports.ts";
import { openRedisCommands, type RedisCommands } from "./commands.ts";
import { upstashFront } from "./upstash-front.ts";

let commands: RedisCommands;
let front: HttpFront;
let redis: Redis;

beforeAll(async () => {
  commands = openRedisCommands(null);
  front = await serveHttp(0, upstashFront(commands, "token"));
  redis = connect("token");
});
afterAll(async () => {
  await front.close();
  commands.close();
});

function connect(token: string): Redis {
  return new Redis({ url: `http://${host}:${front.port}`, token, retry: false });
}

describe("Upstash's client over the front", () => {
  test("keeps values of every kind as they were given", async ({ expect }) => {
    expect(await redis.set("text", "é\n")).toBe("OK");
    await redis.set("object", { list: [1, null], text: "ü" });
    await redis.hset("hash", { a: 1, b: "two" });
    expect([await redis.get("text"), await redis.get("object"), await redis.hgetall("hash"), await redis.get("none")]).toEqual([
      "é\n",
      { list: [1, null], text: "ü" },
      { a: 1, b: "two" },
      null,
    ]);
  });

  test("sets a key only once with NX, and for a time with EX", async ({ expect }) => {
    expect([
      await redis.set("once", "first", { nx: true, ex: 60 }),
      await redis.set("once", "second", { nx: true }),
      await redis.get("once"),
    ]).toEqual(["OK", null, "first"]);
    expect(await redis.ttl("once")).toBeGreaterThan(50);
  });

  test("runs a pipeline and tells each outcome", async ({ expect }) => {
    const pipeline = redis.pipeline();
    pipeline.set("counter", 1);
    pipeline.incr("counter");
    pipeline.get("counter");
    expect(await pipeline.exec()).toEqual(["OK", 2, 2]);
  });

  test("runs a transaction", async ({ expect }) => {
    const transaction = redis.multi();
    transaction.set("a", "1");
    transaction.incrby("a", 4);
    expect(await transaction.exec()).toEqual(["OK", 5]);
  });

  test("throws what Redis says about a wrong command", async ({ expect }) => {
    await redis.set("string", "x");
    await expect(redis.lpush("string", "y")).rejects.toThrow(/WRONGTYPE|does not contain a list/);
    await expect(redis.exec(["NOPE"])).rejects.toThrow("ERR unknown command 'nope'");
    expect(await redis.get("string")).toBe("x");
  });

  test("refuses another token", async ({ expect }) => {
    await expect(connect("guess").get("a")).rejects.toThrow(/WRONGPASS/);
  });
});

test("strings are base64 only for clients that ask for it, and OK never is", async ({ expect }) => {
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`http://${host}:${front.port}/pipeline`, {
      method: "POST",
      headers: { authorization: "Bearer token", ...headers },
      body: JSON.stringify([
        ["SET", "k", "v"],
        ["GET", "k"],
        ["STRLEN", "k"],
        ["GET", "none"],
      ]),
    });
    return response.json();
  };
  expect([await ask({}), await ask({ "upstash-encoding": "base64" })]).toEqual([
    [{ result: "OK" }, { result: "v" }, { result: 1 }, { result: null }],
    [{ result: "OK" }, { result: "dg==" }, { result: 1 }, { result: null }],
  ]);
});
