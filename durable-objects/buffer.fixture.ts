import { joinBytes } from "#core/bytes.ts";
import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { unpackFrames } from "#adapters/recorder/packets.ts";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import type { EventBufferRpc } from "#core/ingest/buffer.ts";
import { encodeFrame } from "#core/ingest/frame.ts";
import type { EventBuffer } from "./event-buffer.ts";
import { delivered } from "./workerd.fixture.ts";

type BufferStub = DurableObjectStub<EventBuffer>;

/** A buffer as its callers see it. A stub is of no use after a crash, so each call takes a new one. */
export interface TestBuffer extends EventBufferRpc {
  readonly stub: () => BufferStub;
}

let lastShard = 0;

/** A buffer that no other test uses: storage is not taken back between tests. */
export function newBuffer(): { shard: number; buffer: TestBuffer } {
  lastShard += 1;
  const shard = lastShard;
  const stub = (): BufferStub => env.EVENT_BUFFER.getByName(`us-east:${shard}`);
  const buffer: TestBuffer = {
    stub,
    append: async (appendId, frames) => await stub().append(appendId, frames),
    acknowledge: async (items) => await stub().acknowledge(items),
    status: async () => await stub().status(),
  };
  return { shard, buffer };
}

/** Frames of events that are just these names. */
export function framesOf(...names: readonly string[]): Uint8Array {
  return joinBytes(names.map((name) => encodeFrame(JSON.stringify(name))));
}

export async function namesIn(key: string): Promise<unknown[]> {
  const object = await env.BUCKET_US_EAST.get(key);
  if (object === null) throw new Error(`there is no object ${key}`);
  const frames = await Array.fromAsync(unpackFrames(new Uint8Array(await object.arrayBuffer())));
  return frames.map((frame) => (frame.kind === "event" ? frame.value : frame));
}

/** Keys of a buffer's objects in the bucket, in order. */
export async function objectKeys(shard: number): Promise<string[]> {
  const { objects } = await env.BUCKET_US_EAST.list({ prefix: "raw/us-east/" });
  return objects.map(({ key }) => key).filter((key) => key.includes(`/${shard}-`));
}

/** Every event of a buffer's objects, in order. */
export async function namesOf(shard: number): Promise<unknown[]> {
  const names: unknown[] = [];
  for (const key of await objectKeys(shard)) names.push(...(await namesIn(key)));
  return names;
}

/** How often the queue has brought each of a buffer's keys. */
export function deliveries(shard: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of delivered) if (key.includes(`/${shard}-`)) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

type Bindings = Partial<Pick<Cloudflare.Env, "BUCKET_US_EAST" | "QUEUE_US_EAST">>;

/** Puts other bindings into a running buffer, until its next restart. */
export async function rebind({ stub }: TestBuffer, bindings: Bindings): Promise<void> {
  await runInDurableObject(stub(), (instance) => {
    Reflect.set(instance, "env", { ...env, ...bindings });
  });
}

/** A bucket whose `put` is this; `real` is what it would do. */
export function bucketThat(put: (real: () => Promise<R2Object | null>) => Promise<R2Object | null>): R2Bucket {
  const bucket = env.BUCKET_US_EAST;
  type Call = [key: string, bytes: Uint8Array, options: R2PutOptions];
  return replacing(bucket, { put: (...call: Call) => put(async () => await bucket.put(...call)) });
}

/** A queue whose `sendBatch` is this; `real` is what it would do. */
export function queueThat(sendBatch: (real: () => Promise<unknown>) => Promise<unknown>): Queue<string> {
  const queue = env.QUEUE_US_EAST;
  return replacing(queue, {
    sendBatch: (messages: MessageSendRequest<string>[]) => sendBatch(async () => await queue.sendBatch(messages)),
  });
}

export const never = (): Promise<never> => new Promise(() => {});

/** Ends every running buffer at once, as a crash does: nothing in memory survives, nothing is finished. */
export async function crash(): Promise<void> {
  await abortAllDurableObjects();
}

/** Waits for something to become true; alarms come by themselves. */
export async function until<T>(check: () => Promise<T> | T): Promise<T> {
  return await vi.waitFor(check, { timeout: 15_000, interval: 20 });
}

export async function rowsOf({ stub }: TestBuffer, table: "segment" | "object"): Promise<Record<string, SqlStorageValue>[]> {
  return await runInDurableObject(stub(), (_, state) => state.storage.sql.exec(`SELECT * FROM ${table}`).toArray());
}
