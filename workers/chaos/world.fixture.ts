import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { appendFrames } from "#adapters/recorder/append-frames.ts";
import { encodeSpan } from "#adapters/recorder/encode-span.ts";
import { packFrames } from "#adapters/recorder/packets.ts";
import { keepsAll } from "#adapters/recorder/recorder.fixture.ts";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import type { RecorderEnv } from "#adapters/recorder/send-batch.ts";
import { waitingPrefix } from "#adapters/r2/edge-object.ts";
import type { Span } from "#core/contracts/span.ts";
import type { Acknowledgement } from "#core/ingest/buffer.ts";
import type { EventBuffer } from "#durable-objects/event-buffer.ts";
import { delivered } from "#durable-objects/workerd.fixture.ts";
import { Random } from "#local/demo/random.ts";
import { consumeBatch, type ConsumerEnv } from "#queues/consume.ts";
import { sweep } from "#queues/sweep.ts";
import { Hop, Mortal, pause, type FaultRates } from "./hop.fixture.ts";

const usual: FaultRates = { lost: 0.08, unanswered: 0.08, doubled: 0.08, delayed: 0.2 };
const often: FaultRates = { lost: 0.16, unanswered: 0.14, doubled: 0.1, delayed: 0.2 };
const none: FaultRates = { lost: 0, unanswered: 0, doubled: 0, delayed: 0 };

const clients = 4;
const queueTries = 3;
const killEveryMs = { from: 250, to: 900 };

type BufferStub = DurableObjectStub<EventBuffer>;

/** One shard of the pipeline with what goes wrong around it: everything follows from the seed but the order of what runs at once. */
export class World {
  readonly #random: Random;
  readonly #shard: number;
  readonly #hops: Readonly<Record<"client" | "append" | "put" | "send" | "get" | "insert" | "acknowledge", Hop>>;
  readonly #clickhouseUrl: string;
  readonly #isFaulty: boolean;
  /** Marks of what this world's edges wrote round the buffer. */
  readonly #marks = new Set<string>();
  #isOver = false;
  #taken = 0;
  kills = 0;

  /** `shard`: one that no other world uses. `clickhouseUrl`: of a host that is routed by `clickhouseWay`. */
  constructor(seed: string, shard: number, clickhouseUrl: string, isFaulty: boolean) {
    const hop = (name: string, rates: FaultRates): Hop => new Hop(new Random(`${seed}/${name}`), isFaulty ? rates : none);
    this.#random = new Random(seed);
    this.#shard = shard;
    this.#clickhouseUrl = clickhouseUrl;
    this.#isFaulty = isFaulty;
    this.#hops = {
      client: hop("client", usual),
      append: hop("append", often),
      put: hop("put", often),
      send: hop("send", often),
      get: hop("get", usual),
      insert: hop("insert", often),
      acknowledge: hop("acknowledge", often),
    };
  }

  get faults(): number {
    return Object.values(this.#hops).reduce((sum, { faults }) => sum + faults, 0);
  }

  get clickhouseWay(): (real: () => Promise<Response>) => Promise<Response> {
    return async (real) => await this.#hops.insert.pass(real);
  }

  /** Sends spans until each is acknowledged, while everything is cut, doubled, delayed and killed; then until all is stored. */
  async live(spans: readonly Span[]): Promise<void> {
    await this.#rebind();
    const consuming = this.#consume();
    const killing = this.#kill();
    const batches = this.#batchesOf(spans).values();
    const send = async (): Promise<void> => {
      // The clients share one iterator, so each batch is sent by one.
      for (const batch of batches) await this.#sendUntilAcknowledged(batch);
    };
    await Promise.all(Array.from({ length: clients }, send));
    for (const hop of Object.values(this.#hops)) hop.isCalm = true;
    this.#isOver = true;
    await killing;
    await this.#drain();
    await consuming;
  }

  #batchesOf(spans: readonly Span[]): Span[][] {
    const batches: Span[][] = [];
    for (let from = 0; from < spans.length;) {
      const size = this.#random.int(1, 9);
      batches.push(spans.slice(from, from + size));
      from += size;
    }
    return batches;
  }

  /** A client that heard nothing, or no, sends the same again. */
  async #sendUntilAcknowledged(batch: readonly Span[]): Promise<void> {
    for (;;) {
      try {
        const reply = await this.#hops.client.pass(async () => {
          const frames = await Promise.all(batch.map(async (span) => await encodeSpan(this.#edgeEnv(), span, keepsAll)));
          return await appendFrames(this.#edgeEnv(), "us-east", this.#shard, {
            id: crypto.randomUUID(),
            frames: packFrames(frames),
            events: frames.length,
          });
        });
        if (reply.kind === "stored") return;
      } catch {
        await pause(this.#random.int(5, 80));
      }
    }
  }

  #stub(): BufferStub {
    return env.EVENT_BUFFER.getByName(`us-east:${this.#shard}`);
  }

  #edgeEnv(): RecorderEnv {
    const namespace: RecorderEnv["EVENT_BUFFER"] = env.EVENT_BUFFER;
    const get = (id: DurableObjectId) => {
      const stub = namespace.get(id);
      return replacing(stub, {
        append: async (appendId: string, frames: Uint8Array, events: number) =>
          await this.#hops.append.pass(async () => await stub.append(appendId, frames, events)),
      });
    };
    return { ...env, EVENT_BUFFER: replacing(namespace, { get }), BUCKET_US_EAST: this.#bucket(new Mortal(Number.POSITIVE_INFINITY)) };
  }

  #bucket(process: Mortal): R2Bucket {
    const bucket = env.BUCKET_US_EAST;
    return replacing(bucket, {
      put: async (key: string, body: Uint8Array | string, options: R2PutOptions) =>
        await process.step(
          async () =>
            await this.#hops.put.pass(async () => {
              if (key.startsWith(waitingPrefix)) this.#marks.add(key);
              return await bucket.put(key, body, options);
            }),
        ),
      get: async (key: string) => await process.step(async () => await this.#hops.get.pass(async () => await bucket.get(key))),
    });
  }

  #consumerEnv(process: Mortal): ConsumerEnv {
    const namespace: ConsumerEnv["EVENT_BUFFER"] = env.EVENT_BUFFER;
    const get = (id: DurableObjectId) => {
      const stub = namespace.get(id);
      return replacing(stub, {
        acknowledge: async (items: readonly Acknowledgement[]) =>
          await process.step(async () => await this.#hops.acknowledge.pass(async () => await stub.acknowledge(items))),
        status: async () => await stub.status(),
      });
    };
    return {
      ...env,
      CLICKHOUSE_URL_US_EAST: this.#clickhouseUrl,
      DATABASE_URL: "",
      EVENT_BUFFER: replacing(namespace, { get }),
      BUCKET_US_EAST: this.#bucket(process),
    };
  }

  /** The queue and its consumer: keys are lost, brought twice, late and out of order; the consumer dies at any step. */
  async #consume(): Promise<void> {
    const random = this.#random;
    const tries = new Map<string, number>();
    let waiting: string[] = [];
    for (;;) {
      const fresh = delivered.slice(this.#taken).filter((key) => key.includes(`/${this.#shard}-`));
      this.#taken = delivered.length;
      for (const key of fresh) {
        const fate = this.#isOver || !this.#isFaulty ? 1 : random.unit();
        if (fate < 0.12) continue;
        waiting.push(...(fate < 0.24 ? [key, key] : [key]));
      }
      if (waiting.length === 0) {
        if (this.#isOver && (await this.#isEmpty())) return;
        await pause(15);
        continue;
      }
      waiting = waiting
        .map((key) => ({ key, order: random.unit() }))
        .toSorted((left, right) => left.order - right.order)
        .map(({ key }) => key);
      const batch = waiting.splice(0, random.int(1, 8));
      const dies = this.#isFaulty && !this.#isOver && random.chance(0.2);
      const process = new Mortal(dies ? random.int(0, 2 * batch.length) : Number.POSITIVE_INFINITY);
      for (const key of await this.#consumeBatch(batch, process)) {
        const tried = (tries.get(key) ?? 0) + 1;
        tries.set(key, tried);
        // After that the queue lets it go: the buffer sends it again.
        if (tried <= queueTries) waiting.push(key);
      }
    }
  }

  /** Gives the keys that the queue has to bring again. */
  async #consumeBatch(keys: readonly string[], process: Mortal): Promise<readonly string[]> {
    const messages = keys.map((body, index) => ({ id: `m${index}`, timestamp: Date.now(), attempts: 1, body }));
    const batch = createMessageBatch("evalforge-events-us-east", messages);
    const context = createExecutionContext();
    await consumeBatch(batch, this.#consumerEnv(process));
    if (process.isDead) {
      this.kills += 1;
      return keys;
    }
    const result = await getQueueResult(batch, context);
    return result.retryMessages.flatMap(({ msgId }) => keys[Number(msgId.slice(1))] ?? []);
  }

  async #kill(): Promise<void> {
    while (this.#isFaulty && !this.#isOver) {
      await pause(this.#random.int(killEveryMs.from, killEveryMs.to));
      await this.#killBuffer();
    }
  }

  /** Nothing in its memory survives, nothing is finished. */
  async #killBuffer(): Promise<void> {
    this.kills += 1;
    await runInDurableObject(this.#stub(), (_, state) => {
      state.abort("killed");
    }).catch(() => undefined);
    await this.#rebind();
  }

  /** Puts the faulty bucket and queue into the buffer that runs now. */
  async #rebind(): Promise<void> {
    const queue = env.QUEUE_US_EAST;
    const faulty = replacing(queue, {
      sendBatch: async (messages: MessageSendRequest<string>[]) => await this.#hops.send.pass(async () => await queue.sendBatch(messages)),
    });
    const bindings = { ...env, BUCKET_US_EAST: this.#bucket(new Mortal(Number.POSITIVE_INFINITY)), QUEUE_US_EAST: faulty };
    for (;;) {
      try {
        return await runInDurableObject(this.#stub(), (instance) => {
          Reflect.set(instance, "env", bindings);
        });
      } catch {
        await pause(5);
      }
    }
  }

  async #isEmpty(): Promise<boolean> {
    const { unsealedEvents, sealedUnacknowledged } = await this.#stub().status();
    const waiting = await Promise.all(Array.from(this.#marks, async (mark) => await env.BUCKET_US_EAST.head(mark)));
    return unsealedEvents + sealedUnacknowledged === 0 && waiting.every((mark) => mark === null);
  }

  /** Calm at last: the sweep takes what went round the buffer. What waits long is due two seconds after a restart. */
  async #drain(): Promise<void> {
    if (this.#isFaulty) await this.#killBuffer();
    while (!(await this.#isEmpty())) {
      await sweep(this.#consumerEnv(new Mortal(Number.POSITIVE_INFINITY)), Date.now());
      await pause(50);
    }
  }
}
