import type { AttributeValue } from "./attribute.ts";
import type { OtlpEvent } from "./export-request.ts";

/** What an event in a span is for us. */
type Meaning =
  /** Says more of the span: its attributes are as good as the span's own. */
  | "detail"
  /** A message that went in, or that came out. */
  | "input"
  | "output"
  /** A judgement of the span. */
  | "score";

/** The events that mean more than that something happened; all others become spans of kind `event` below their span. */
const meanings = {
  exception: "detail",
  "gen_ai.client.inference.operation.details": "detail",
  "gen_ai.content.prompt": "detail",
  "gen_ai.content.completion": "detail",
  "ai.stream.firstChunk": "detail",
  "ai.stream.finish": "detail",
  "gen_ai.system.message": "input",
  "gen_ai.user.message": "input",
  "gen_ai.assistant.message": "input",
  "gen_ai.tool.message": "input",
  "gen_ai.choice": "output",
  "gen_ai.evaluation.result": "score",
} as const satisfies Record<string, Meaning>;

const table: ReadonlyMap<string, Meaning> = new Map(Object.entries(meanings));

/** What an event means; `null`: that something happened. */
export function meaningOf({ name }: OtlpEvent): Meaning | null {
  return table.get(name) ?? null;
}

/** `gen_ai.user.message` without a role of its own is of the role in its name. */
const rolePattern = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** The message that an event holds. */
export function messageOf({ name, attributes }: OtlpEvent): AttributeValue {
  const [, role] = rolePattern.exec(name) ?? [];
  return Object.fromEntries([...(role === undefined ? [] : [["role", role] as const]), ...attributes]);
}
