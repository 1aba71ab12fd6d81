import * as z from "zod";

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

const objectSchema = z.record(z.string(), z.unknown());
const listSchema = z.array(objectSchema);

/** A value as an object; none is an empty one. */
export function fieldsOf(value: unknown): Fields {
  return objectSchema.parse(value ?? {});
}

/** A value as a list of objects; none is an empty one. */
export function listOf(value: unknown): readonly Fields[] {
  return listSchema.parse(value ?? []);
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A text as a stream tells it: in two pieces. */
export function piecesOf(value: unknown): readonly string[] {
  const text = textOf(value);
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== "");
}

export interface StreamEvent {
  readonly name: string;
  readonly data: Fields;
}

/** The events of a stream's text without comments; an end mark that is no JSON is an event of that name. */
export function eventsOf(text: string): readonly StreamEvent[] {
  if (!text.endsWith("\n\n")) throw new Error(`a stream that ends within an event: ${text.slice(-200)}`);
  return text.split("\n\n").flatMap((block) => {
    const lines = block.split("\n");
    const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
    const name = lines.find((line) => line.startsWith("event: "))?.slice(7) ?? "";
    if (data === undefined) return [];
    return [data === "[DONE]" ? { name: data, data: {} } : { name, data: fieldsOf(JSON.parse(data)) }];
  });
}

/** Events as providers write them. */
export function named(events: readonly Fields[]): string {
  return events.map((event) => `event: ${textOf(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
