import { regionSchema, type Region } from "../contracts/region.ts";

/** Where an object of framed events comes from: sealed by a buffer, or written by an edge that could not reach one. */
export type ObjectKey =
  | {
      readonly kind: "buffer";
      readonly region: Region;
      readonly day: string;
      readonly shard: number;
      readonly epoch: number;
      readonly seq: number;
    }
  | { readonly kind: "edge"; readonly region: Region; readonly day: string; readonly id: string };

const bufferPattern = /^raw\/([a-z0-9-]+)\/(\d{4}-\d{2}-\d{2})\/(\d{1,4})-(\d{1,15})\/(\d{1,15})$/;
const edgePattern = /^raw\/([a-z0-9-]+)\/(\d{4}-\d{2}-\d{2})\/edge-([0-9a-f-]{36})\/0$/;

/** The day in UTC as `yyyy-mm-dd`. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** `raw/<region>/<yyyy-mm-dd>/<shard>-<epoch>/<seq>`, or `raw/<region>/<yyyy-mm-dd>/edge-<uuid>/0`. */
export function formatObjectKey(key: ObjectKey): string {
  const prefix = `raw/${key.region}/${key.day}`;
  return key.kind === "buffer" ? `${prefix}/${key.shard}-${key.epoch}/${key.seq}` : `${prefix}/edge-${key.id}/0`;
}

/** The parts of an object's key; `null` where the text is not one. */
export function parseObjectKey(text: string): ObjectKey | null {
  const [, bufferRegion, bufferDay, shard, epoch, seq] = bufferPattern.exec(text) ?? [];
  const [, edgeRegion, edgeDay, id] = edgePattern.exec(text) ?? [];
  const region = regionSchema.safeParse(bufferRegion ?? edgeRegion);
  if (!region.success) return null;
  if (edgeDay !== undefined && id !== undefined) return { kind: "edge", region: region.data, day: edgeDay, id };
  if (bufferDay === undefined) return null;
  return { kind: "buffer", region: region.data, day: bufferDay, shard: Number(shard), epoch: Number(epoch), seq: Number(seq) };
}
