import type { TraceId } from "../contracts/id.ts";
import { regions, regionSchema, type Region } from "../contracts/region.ts";

/** Which buffer of a region takes a trace: by hash (FNV-1a), so that all parts of one trace meet. */
export function shardOfTrace(traceId: TraceId, shards: number): number {
  if (shards === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < traceId.length; index += 1) hash = Math.imul(hash ^ traceId.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % shards;
}

/** A buffer's name, by which it is found: `<region>:<shard>`. */
export function formatBufferName(region: Region, shard: number): string {
  return `${region}:${shard}`;
}

/** Region and shard from a buffer's name; `null` where it is not one. */
export function parseBufferName(name: string): { readonly region: Region; readonly shard: number } | null {
  const [regionText, shardText = "", ...rest] = name.split(":");
  const region = regionSchema.safeParse(regionText);
  if (!region.success || rest.length > 0 || !/^\d{1,4}$/.test(shardText)) return null;
  return { region: region.data, shard: Number(shardText) };
}

/** Every buffer of a region, by shard. */
export function shardsOf(region: Region): number[] {
  return Array.from({ length: regions[region].bufferShards }, (_, shard) => shard);
}
