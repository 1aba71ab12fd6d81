import { regions, regionSchema, type Region } from "#core/contracts/region.ts";
import type { EventBufferRpc } from "#core/ingest/buffer.ts";
import { formatBufferName, shardsOf } from "#core/ingest/shard.ts";

type BufferObject = EventBufferRpc & Rpc.DurableObjectBranded;

export interface BufferBinding {
  readonly EVENT_BUFFER: DurableObjectNamespace<BufferObject>;
  /** `off` where the runtime has no jurisdictions (one machine). */
  readonly JURISDICTIONS?: "off";
}

/** The buffer of a region's shard, in the region's place and jurisdiction. */
export function bufferStub(env: BufferBinding, region: Region, shard: number): DurableObjectStub<BufferObject> {
  const namespace = namespaceOf(env, region);
  return namespace.get(namespace.idFromName(formatBufferName(region, shard)), { locationHint: regions[region].locationHint });
}

/** The name of the buffer that has this id; `null`: none of the table has. */
export function bufferNameOf(env: BufferBinding, id: DurableObjectId): string | null {
  for (const region of regionSchema.options) {
    for (const shard of shardsOf(region)) {
      const name = formatBufferName(region, shard);
      if (namespaceOf(env, region).idFromName(name).equals(id)) return name;
    }
  }
  return null;
}

function namespaceOf(env: BufferBinding, region: Region): DurableObjectNamespace<BufferObject> {
  const { jurisdiction } = regions[region];
  return jurisdiction === null || env.JURISDICTIONS === "off" ? env.EVENT_BUFFER : env.EVENT_BUFFER.jurisdiction(jurisdiction);
}
