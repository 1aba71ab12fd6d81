import type * as z from "zod";
import type { Region } from "#core/contracts/region.ts";
import { toHex } from "../bytes.ts";
import { attempt, type Answered, type Unavailable } from "../unavailable.ts";
import { hasCache, redisOf, type RedisEnvironment } from "./client.ts";

/** How old an answer may be. */
const ttlSeconds = 10;
/** Who computes is given this long; then another one computes too. */
const claimMs = 5_000;
/** How long one waits for an answer that another request computes, looking this often. */
const waitMs = 2_000;
const lookEveryMs = 100;
/** A longer answer is not kept: the store takes a megabyte at once. */
const charactersMax = 500_000;

/**
 * What `compute` gives, or an answer to the same question that is at most ten seconds old. Of several who ask at once,
 * in any isolate of the region, one computes and the others look, with timers of their own, whether it has; nobody
 * waits for another's promise, and who has waited long enough computes. Without a cache, or with one that is down,
 * everyone computes. `schema` is that of the answer: one of an older shape counts as none.
 */
export async function cachedAnswer<Value>(
  env: RedisEnvironment,
  region: Region,
  question: unknown,
  schema: z.ZodType<Value>,
  compute: () => Promise<Answered<Value> | Unavailable>,
): Promise<Answered<Value> | Unavailable> {
  if (!hasCache(env, region)) return await compute();
  const name = `query:${await hashOf(JSON.stringify(question))}`;
  const known = await read(env, region, name, schema);
  if (known.kind !== "nothing") return known.kind === "answered" ? known : await compute();
  const claimName = `${name}:claim`;
  const claim = await attempt("redis", async () => await redisOf(env, region).exec(["SET", claimName, "1", "PX", claimMs, "NX"]));
  if (claim.kind === "unavailable") return await compute();
  if (claim.value === null) return (await lookForAnswer(env, region, [name, claimName], schema)) ?? (await compute());
  const computed = await compute();
  const text = computed.kind === "answered" ? JSON.stringify(computed.value) : null;
  if (text !== null && text.length <= charactersMax) {
    await attempt("redis", async () => await redisOf(env, region).exec(["SET", name, text, "EX", ttlSeconds]));
  }
  // Who looks sees that no more is to be waited for.
  await attempt("redis", async () => await redisOf(env, region).del(claimName));
  return computed;
}

type Read<Value> = Answered<Value> | { readonly kind: "nothing" } | { readonly kind: "down" };

async function read<Value>(env: RedisEnvironment, region: Region, name: string, schema: z.ZodType<Value>): Promise<Read<Value>> {
  const found = await attempt("redis", async () => await redisOf(env, region).get<string>(name));
  if (found.kind === "unavailable") return { kind: "down" };
  const parsed = schema.safeParse(parseJson(found.value));
  return parsed.success ? { kind: "answered", value: parsed.data } : { kind: "nothing" };
}

/** The answer that another request has claimed; `null` where it gave up, or none came in time. */
async function lookForAnswer<Value>(
  env: RedisEnvironment,
  region: Region,
  [name, claimName]: readonly [string, string],
  schema: z.ZodType<Value>,
): Promise<Answered<Value> | null> {
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += lookEveryMs) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const found = await attempt("redis", async () => await redisOf(env, region).mget<(string | null)[]>(name, claimName));
    if (found.kind === "unavailable") return null;
    const [text = null, claim = null] = found.value;
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return { kind: "answered", value: parsed.data };
    if (claim === null) return null;
  }
  return null;
}

async function hashOf(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
