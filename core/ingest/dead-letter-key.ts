import { regionSchema, type Region } from "../contracts/region.ts";
import { dayOf } from "./object-key.ts";

/** `events`: single events of an object could not be stored; `object`: a message led to no object. */
export type DeadLetterKind = "events" | "object";

/** Where a dead letter lies in its region's bucket. */
export interface DeadLetterKey {
  readonly region: Region;
  readonly day: string;
  /** One part of a path, `….events.json` or `….object.json`. */
  readonly name: string;
}

/** What lies beside a letter that somebody has seen to. */
export const handledSuffix = ".handled";

const keyPattern = /^dead\/([a-z0-9-]+)\/(\d{4}-\d{2}-\d{2})\/([\w.-]{1,220})$/;

/** The key of the letter on `subject`: an object's key, or what came in its place. The same subject always gets the same. */
export function deadLetterKeyOf(region: Region, subject: string, kind: DeadLetterKind, atMs: number): DeadLetterKey {
  return { region, day: dayOf(atMs), name: `${subject.replaceAll(/[^\w.-]+/g, "_").slice(0, 200)}.${kind}.json` };
}

/** `dead/<region>/<day>/<name>` */
export function formatDeadLetterKey({ region, day, name }: DeadLetterKey): string {
  return `dead/${region}/${day}/${name}`;
}

/** The parts of a letter's key; `null` where the text is not one. */
export function parseDeadLetterKey(text: string): DeadLetterKey | null {
  const [, regionText, day, name] = keyPattern.exec(text) ?? [];
  const region = regionSchema.safeParse(regionText);
  if (!region.success || day === undefined || name === undefined || kindOfDeadLetter(name) === null) return null;
  return { region: region.data, day, name };
}

/** What a letter is about, by its name; `null`: it is no letter's name. */
export function kindOfDeadLetter(name: string): DeadLetterKind | null {
  if (name.endsWith(".events.json")) return "events";
  return name.endsWith(".object.json") ? "object" : null;
}
