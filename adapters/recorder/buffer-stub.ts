import { regions, type Region } from "#core/contracts/region.ts";
import type { EventBufferRpc } from "#core/ingest/buffer.ts";
import { formatBufferName } from "#core/ingest/shard.ts";

type BufferObject = EventBufferRpc & Rpc.DurableObjectBranded;

export interface BufferBinding {
  readonly EVENT_BUFFER: DurableObjectNamespace<BufferObject>;
  /** `off` where the runtime has no jurisdictions (one machine). */
  readonly JURISDICTIONS?: "off";
}

/** The buffer of a region's shard, in the region's place and jurisdiction. */
export function bufferStub(env: BufferBinding, region: Region, shard: number): DurableObjectStub<BufferObject> {
  const { jurisdiction, locationHint } = regions[region];
  const namespace = jurisdiction === null || env.JURISDICTIONS === "off" ? env.EVENT_BUFFER : env.EVENT_BUFFER.jurisdiction(jurisdiction);
  return namespace.get(namespace.idFromName(formatBufferName(region, shard)), { locationHint });
}
