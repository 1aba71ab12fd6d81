import { log } from "#adapters/log.ts";
import { bufferStub, type BufferBinding } from "#adapters/recorder/buffer-stub.ts";
import { within } from "#adapters/within.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import type { Acknowledgement } from "#core/ingest/buffer.ts";
import { parseObjectKey, type ObjectKey } from "#core/ingest/object-key.ts";
import { writeDeadLetter } from "./dead-letter.ts";
import { RecentObjects } from "./recent-objects.ts";
import { insertPrepared, prepareObject, type Prepared, type Stored, type StoreEnv } from "./store-object.ts";

export type ConsumerEnv = StoreEnv & BufferBinding;

const retryDelaySeconds = 2;
const acknowledgeWithinMs = 5_000;
const recentOfIsolate = new RecentObjects();

interface QueueName {
  readonly region: Region;
  readonly isLastTry: boolean;
}

/** Whose messages these are: `evalforge-events-<region>` or, after the queue's own retries, `evalforge-dead-<region>`. */
function parseQueueName(name: string): QueueName | null {
  const [, purpose, regionText] = /^evalforge-(events|dead)-(.+)$/.exec(name) ?? [];
  const region = regionSchema.safeParse(regionText);
  return region.success ? { region: region.data, isLastTry: purpose === "dead" } : null;
}

type BufferKey = Extract<ObjectKey, { kind: "buffer" }>;
interface Answer {
  readonly key: BufferKey;
  readonly outcome: Acknowledgement["outcome"];
}

/**
 * Takes the objects whose keys a queue brought, then tells their buffers, once for each buffer. What could not be
 * stored is not acknowledged: the queue brings it a few times more, after that the buffer does. A message becomes a
 * dead letter only where it leads to no object, and only when it comes from a dead-letter queue.
 *
 * While the store takes one object the next is read, and no third: each is about 4 MB unpacked, several times that when
 * parsed, of an isolate's 128 MB. Not before the one has gone out: it would go out in the pauses of the reading.
 */
export async function consumeBatch(batch: MessageBatch, env: ConsumerEnv, recent: RecentObjects = recentOfIsolate): Promise<void> {
  const queue = parseQueueName(batch.queue);
  if (queue === null) throw new Error(`no consumer for queue ${batch.queue}`);
  const answers: Answer[] = [];
  let storing: Promise<void> = Promise.resolve();
  for (const message of batch.messages) {
    const taken = await takeMessage(env, message, recent);
    await storing;
    const { promise: sent, resolve: onSent } = Promise.withResolvers<void>();
    storing = endMessage(env, queue, message, taken, recent, onSent).then((answer) => {
      if (answer !== null) answers.push(answer);
    });
    await Promise.race([sent, storing]);
  }
  await storing;
  await acknowledge(env, answers);
}

function textOf({ body }: Message): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

interface Taken {
  readonly text: string;
  readonly key: ObjectKey | null;
  /** What is under way already needs nothing more; what is stored already is answered again. */
  readonly object: Prepared | { readonly kind: "known"; readonly state: "working" | "done" };
}

/** Never throws. */
async function takeMessage(env: ConsumerEnv, message: Message, recent: RecentObjects): Promise<Taken> {
  const nowMs = Date.now();
  const text = textOf(message);
  const key = parseObjectKey(text);
  const state = recent.begin(text, nowMs);
  if (state !== "new") return { text, key, object: { kind: "known", state } };
  if (key === null) return { text, key, object: { kind: "refused", reason: "this is no object's key" } };
  return { text, key, object: await prepareObject(env, key.region, text, nowMs) };
}

/** Never throws. */
async function endMessage(
  env: ConsumerEnv,
  queue: QueueName,
  message: Message,
  { text, key, object }: Taken,
  recent: RecentObjects,
  onSent: () => void,
): Promise<Answer | null> {
  if (object.kind === "known") {
    message.ack();
    return object.state === "done" && key?.kind === "buffer" ? { key, outcome: "done" } : null;
  }
  const answer = await settleMessage(env, queue, message, key, await insertPrepared(env, object, onSent));
  recent.end(text, answer?.outcome === "done", Date.now());
  return answer;
}

async function settleMessage(
  env: ConsumerEnv,
  { region, isLastTry }: QueueName,
  message: Message,
  key: ObjectKey | null,
  stored: Stored,
): Promise<Answer | null> {
  const text = textOf(message);
  if (stored.kind !== "done") log("object_not_stored", { objectKey: text, outcome: stored.kind, reason: stored.reason });
  if (stored.kind === "done" || (stored.kind === "later" && isLastTry)) {
    // `later` from the last queue: the buffer brings it again.
    message.ack();
  } else if (stored.kind === "later" || !isLastTry) {
    message.retry({ delaySeconds: retryDelaySeconds });
  } else {
    try {
      await writeDeadLetter(env, {
        region: key?.region ?? region,
        key: text,
        reason: stored.reason,
        events: [],
        atMs: message.timestamp.getTime(),
      });
      message.ack();
    } catch (error) {
      log("dead_letter_not_written", { objectKey: text, error });
      message.retry({ delaySeconds: retryDelaySeconds });
      return null;
    }
  }
  if (key?.kind !== "buffer" || stored.kind === "later" || (stored.kind === "refused" && !isLastTry)) return null;
  return { key, outcome: stored.kind === "done" ? "done" : "dead" };
}

/** One call for each buffer. One that fails is no loss: the buffer sends the keys again, and nothing is stored twice. */
async function acknowledge(env: ConsumerEnv, answers: readonly Answer[]): Promise<void> {
  const byBuffer = Map.groupBy(answers, ({ key }) => `${key.region}:${key.shard}`);
  await Promise.all(
    Array.from(byBuffer.values(), async (group) => {
      const [first] = group;
      if (first === undefined) return;
      const items = group.map(({ key, outcome }) => ({ epoch: key.epoch, seq: key.seq, outcome }));
      try {
        await within(bufferStub(env, first.key.region, first.key.shard).acknowledge(items), acknowledgeWithinMs);
      } catch (error) {
        log("object_not_acknowledged", { region: first.key.region, shard: first.key.shard, count: items.length, error });
      }
    }),
  );
}
