import type { CacheMark } from "../conversation.ts";
import { below, type FieldReader, type Fields } from "./request-fields.ts";

/** The `cache_control` of a block or a tool. */
export function readCacheMark(of: Fields, path: string, read: FieldReader): CacheMark {
  const control = read.optionalRecord(of, path, "cache_control");
  if (control === null) return null;
  const controlPath = below(path, "cache_control");
  if (control["type"] !== "ephemeral") read.refuse(below(controlPath, "type"), "must be `ephemeral`");
  const ttl = control["ttl"] ?? "5m";
  if (ttl === "5m" || ttl === "1h") return ttl;
  read.refuse(below(controlPath, "ttl"), "must be `5m` or `1h`");
  return null;
}

/** The fields of a block or a tool with its mark. */
export function withCacheMark(fields: Fields, mark: CacheMark): Fields {
  if (mark === null) return fields;
  return { ...fields, cache_control: mark === "5m" ? { type: "ephemeral" } : { type: "ephemeral", ttl: mark } };
}
