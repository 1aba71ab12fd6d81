import { env } from "cloudflare:workers";
import type { AppendReply } from "#core/ingest/buffer.ts";
import { unpackFrames } from "./packets.ts";
import { replacing } from "./replacing.fixture.ts";
import type { RecorderEnv } from "./send-batch.ts";

export interface Append {
  readonly appendId: string;
  readonly spanIds: unknown[];
  readonly real: () => Promise<AppendReply>;
}

function spanIdOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, "spanId") : value;
}

/** The environment, with buffers whose `append` is this. */
export function envWhere(append: (call: Append) => Promise<AppendReply>): RecorderEnv {
  const namespace: RecorderEnv["EVENT_BUFFER"] = env.EVENT_BUFFER;
  const get = (id: DurableObjectId) => {
    const stub = namespace.get(id);
    return replacing(stub, {
      append: async (appendId: string, frames: Uint8Array, events: number) =>
        await append({
          appendId,
          spanIds: [...unpackFrames(frames)].map((frame) => (frame.kind === "event" ? spanIdOf(frame.value) : frame)),
          real: async () => await stub.append(appendId, frames, events),
        }),
    });
  };
  return { ...env, EVENT_BUFFER: replacing(namespace, { get }) };
}

/** A span id that no other test has. */
export function newSpanId(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 16);
}
