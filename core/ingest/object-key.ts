import { regionSchema, type Region } from "../contracts/region.ts";

/** Where an object of framed events comes from: sealed by a buffer, or written by an edge that could not reach one. */
export type ObjectKey =
  | { readonly kind: "buffer"; readonly region: Region; readonly day: string; readonly shard: number; readonly epoch: number; readonly seq: number }
  | { readonly kind: "edge"; readonly region: Region; readonly day: string; readonly id: string };

const bufferPattern = /^raw\/([a-z0-9-]+)\/(\d{4}-\d{2}-\d{2})\/(\d{1,4})-(\d{1,15})\/(\d{1,15})$/;
const edgePattern = /^raw\/([a-z0-9-]+)\/(\d{4}-\d{2}-\d{2})\/edge-([0-9a-f-]{36})\/0$/;

/** The day in UTC as `yyyy-mm-dd`. */
export function dayOf(atMs: number): string {
  const days = Math.floor(atMs / 86_400_000);
  // Days to civil date (proleptic Gregorian), as core has no clock and so no calendar either.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
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
