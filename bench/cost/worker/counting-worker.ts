// Bundled into a Worker of its own: the recorder, the buffer and the consumer as they are, with a count of what is billed.
import { appendFrames } from "../../../adapters/recorder/append-frames.ts";
import { encodeSpan } from "../../../adapters/recorder/encode-span.ts";
import { packFrames } from "../../../adapters/recorder/packets.ts";
import { record } from "../../../adapters/recorder/record.ts";
import { storagePolicySchema } from "../../../core/contracts/policy.ts";
import { spanSchema } from "../../../core/contracts/span.ts";
import type { Acknowledgement, AppendReply, BufferStatus } from "../../../core/ingest/buffer.ts";
import { EventBuffer, type EventBufferEnv } from "../../../durable-objects/event-buffer.ts";
import { consumeBatch, type ConsumerEnv } from "../../../queues/consume.ts";
import { sweep } from "../../../queues/sweep.ts";

type Env = EventBufferEnv & ConsumerEnv;

const keepsAll = storagePolicySchema.parse({});

const counts = {
  consumerRequests: 0,
  objectRequests: 0,
  objectActiveMs: 0,
  rowsWritten: 0,
  rowsRead: 0,
  bucketWrites: 0,
  bucketReads: 0,
  messages: 0,
};
type Counter = keyof typeof counts;

function countedMethods<Binding extends object>(binding: Binding, counters: Readonly<Partial<Record<string, Counter>>>): Binding {
  return new Proxy(binding, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      const counter = typeof name === "string" ? counters[name] : undefined;
      return (...parameters: unknown[]): unknown => {
        if (counter !== undefined) counts[counter] += 1;
        return Reflect.apply(own, target, parameters);
      };
    },
  });
}

const ofBucket = { put: "bucketWrites", list: "bucketWrites", get: "bucketReads", head: "bucketReads" } as const;

function countedQueue(queue: Queue<string>): Queue<string> {
  return new Proxy(queue, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      return (...parameters: unknown[]): unknown => {
        if (name === "sendBatch" && Array.isArray(parameters[0])) counts.messages += parameters[0].length;
        return Reflect.apply(own, target, parameters);
      };
    },
  });
}

function countedEnv(env: Env): Env {
  return {
    ...env,
    BUCKET_US_EAST: countedMethods(env.BUCKET_US_EAST, ofBucket),
    BUCKET_US_WEST: countedMethods(env.BUCKET_US_WEST, ofBucket),
    BUCKET_EU_WEST: countedMethods(env.BUCKET_EU_WEST, ofBucket),
    QUEUE_US_EAST: countedQueue(env.QUEUE_US_EAST),
  };
}

/** Cursors whose rows are added up when somebody asks: a cursor knows them once it has been read. */
const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

function countStorage({ storage }: DurableObjectState): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  Reflect.defineProperty(sql, "exec", {
    value: (query: string, ...bindings: unknown[]) => {
      const cursor = exec(query, ...bindings);
      cursors.push(cursor);
      return cursor;
    },
  });
  const setAlarm = storage.setAlarm.bind(storage);
  Reflect.defineProperty(storage, "setAlarm", {
    value: async (atMs: number) => {
      // Setting an alarm is billed as one row.
      counts.rowsWritten += 1;
      await setAlarm(atMs);
    },
  });
}

let active = 0;
let activeSinceMs = 0;

async function counted<Reply>(work: () => Promise<Reply>): Promise<Reply> {
  counts.objectRequests += 1;
  if (active === 0) activeSinceMs = Date.now();
  active += 1;
  try {
    return await work();
  } finally {
    active -= 1;
    if (active === 0) counts.objectActiveMs += Date.now() - activeSinceMs;
  }
}

export class CountedBuffer extends EventBuffer {
  constructor(ctx: DurableObjectState, env: Env) {
    countStorage(ctx);
    super(ctx, countedEnv(env));
  }

  override async append(appendId: string, frames: Uint8Array, events?: number): Promise<AppendReply> {
    return await counted(async () => await super.append(appendId, frames, events));
  }

  override async acknowledge(items: readonly Acknowledgement[]): Promise<void> {
    await counted(async () => {
      await super.acknowledge(items);
    });
  }

  override async status(): Promise<BufferStatus> {
    return await counted(async () => await super.status());
  }

  override async alarm(): Promise<void> {
    await counted(async () => {
      await super.alarm();
    });
  }
}

/** `POST /calls`: one span, as at the end of a call; `POST /events`: a list of them, as from outside; `GET /counts`; `POST /minute`: the cron. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/calls") {
      const span = spanSchema.parse(await request.json());
      context.waitUntil(record(countedEnv(env), span, "normal", keepsAll));
      return new Response();
    }
    if (pathname === "/events") {
      const spans = spanSchema.array().parse(await request.json());
      const frames = await Promise.all(spans.map(async (span) => await encodeSpan(countedEnv(env), span, keepsAll)));
      const reply = await appendFrames(countedEnv(env), "us-east", 0, {
        id: crypto.randomUUID(),
        frames: packFrames(frames),
        events: spans.length,
      });
      return new Response(null, { status: reply.kind === "stored" ? 202 : 503 });
    }
    if (pathname === "/minute") {
      await sweep(countedEnv(env), Date.now());
      return new Response();
    }
    for (const cursor of cursors.splice(0)) {
      counts.rowsWritten += cursor.rowsWritten;
      counts.rowsRead += cursor.rowsRead;
    }
    return Response.json(counts);
  },
  async queue(batch: MessageBatch, env: Env): Promise<void> {
    counts.consumerRequests += 1;
    await consumeBatch(batch, countedEnv(env));
  },
} satisfies ExportedHandler<Env>;
