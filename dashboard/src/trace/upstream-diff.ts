import * as z from "zod";
import { parseJson } from "../wire/json.ts";

/** A top-level field that went upstream otherwise than it came in. Both as JSON text. */
export interface FieldDifference {
  readonly name: string;
  /** `null`: the caller did not say it, or it is not known what the caller said. */
  readonly before: string | null;
  readonly after: string;
}

const bodySchema = z.record(z.string(), z.unknown());

/** What the gateway set, against what the caller sent: `input` is the text of that, `null` where it is not here. Fields set to what they were are none. */
export function upstreamDiff(input: string | null, changedFields: Readonly<Record<string, string>>): FieldDifference[] {
  const parsed = input === null ? null : parseJson(input);
  const body = bodySchema.safeParse(parsed?.kind === "json" ? parsed.value : null).data ?? {};
  return Object.entries(changedFields).flatMap(([name, after]): FieldDifference[] => {
    const before = Object.hasOwn(body, name) ? JSON.stringify(body[name]) : null;
    return before === compact(after) ? [] : [{ name, before, after }];
  });
}

function compact(text: string): string {
  const parsed = parseJson(text);
  return parsed.kind === "json" ? JSON.stringify(parsed.value) : text;
}
