import type { Conversation, Tool, ToolChoice } from "../conversation.ts";
import { readCacheMark } from "./cache-mark.ts";
import { type FieldReader, type Fields, restOf } from "./request-fields.ts";

const toolNames = new Set(["type", "name", "description", "input_schema", "strict", "cache_control"]);

/** The caller's own tools; those that the provider brings are extras. */
export function readTools(body: Fields, read: FieldReader, extras: Map<string, unknown>): readonly Tool[] {
  const tools: Tool[] = [];
  read.optionalList(body, "", "tools").forEach((element, index) => {
    const path = `tools.${index}`;
    const fields = read.record(element, path);
    const type = read.optionalText(fields, path, "type") ?? "custom";
    if (type !== "custom") {
      extras.set(`${path} (${type})`, fields);
      return;
    }
    const schema = read.record(fields["input_schema"], `${path}.input_schema`);
    if (schema["type"] !== "object") read.refuse(`${path}.input_schema.type`, "must be `object`");
    tools.push({
      name: read.text(fields, path, "name"),
      description: read.optionalText(fields, path, "description") ?? "",
      schema,
      strict: read.optionalBoolean(fields, path, "strict"),
      cache: readCacheMark(fields, path, read),
    });
    for (const [suffix, value] of restOf(fields, toolNames)) extras.set(`${path}${suffix}`, value);
  });
  return tools;
}

const choiceNames = new Set(["type", "name", "disable_parallel_tool_use"]);
const choiceNamesOfNone = new Set(["type"]);

/** `tool_choice`, where this dialect also says whether several tools may be called at once. */
export function readToolChoice(
  body: Fields,
  read: FieldReader,
  extras: Map<string, unknown>,
): Pick<Conversation, "toolChoice" | "parallelToolCalls"> {
  const choice = read.optionalRecord(body, "", "tool_choice");
  if (choice === null) return { toolChoice: null, parallelToolCalls: null };
  const toolChoice = readChoice(choice, read);
  const isNone = toolChoice.kind === "none";
  for (const [suffix, value] of restOf(choice, isNone ? choiceNamesOfNone : choiceNames)) extras.set(`tool_choice${suffix}`, value);
  const isDisabled = !isNone && read.optionalBoolean(choice, "tool_choice", "disable_parallel_tool_use") === true;
  return { toolChoice, parallelToolCalls: isDisabled ? false : null };
}

function readChoice(choice: Fields, read: FieldReader): ToolChoice {
  switch (choice["type"]) {
    case "auto":
      return { kind: "auto" };
    case "none":
      return { kind: "none" };
    case "any":
      return { kind: "required" };
    case "tool":
      return { kind: "tool", name: read.text(choice, "tool_choice", "name") };
    default:
      read.refuse("tool_choice.type", "must be `auto`, `any`, `tool` or `none`");
      return { kind: "auto" };
  }
}
