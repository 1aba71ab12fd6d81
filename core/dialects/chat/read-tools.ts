import type { Tool, ToolChoice } from "../conversation.ts";
import { asRecord } from "../../gateway/json.ts";
import type { FieldReader } from "./field-reader.ts";
import { readCache } from "./read-parts.ts";

/** The functions among the tools; tools of another type are extras (`tools.1 (custom)`). */
export function readTools(value: unknown, reader: FieldReader): readonly Tool[] {
  const tools: Tool[] = [];
  for (const [index, element] of reader.list(value, "tools").entries()) {
    const path = `tools.${index}`;
    const tool = reader.fields(element, path);
    const type = reader.requiredText(tool["type"], `${path}.type`);
    if (type !== "function") {
      reader.extras.set(`${path} (${type})`, tool);
      continue;
    }
    const place = `${path}.function`;
    const definition = reader.fields(tool["function"], place);
    reader.keepRest(tool, toolNames, path);
    reader.keepRest(definition, definitionNames, place);
    const parameters = definition["parameters"];
    tools.push({
      name: reader.requiredText(definition["name"], `${place}.name`),
      description: reader.text(definition["description"], `${place}.description`) ?? "",
      schema: parameters === undefined || parameters === null ? null : reader.fields(parameters, `${place}.parameters`),
      strict: reader.flag(definition["strict"], `${place}.strict`),
      cache: readCache(tool, path, reader),
    });
  }
  return tools;
}

const toolNames: ReadonlySet<string> = new Set(["type", "function", "cache_control"]);
const definitionNames: ReadonlySet<string> = new Set(["name", "description", "parameters", "strict"]);

/** A choice that is not about functions (`allowed_tools`, `custom`) is an extra. */
export function readToolChoice(value: unknown, reader: FieldReader): ToolChoice | null {
  if (value === undefined || value === null) return null;
  if (value === "auto" || value === "none" || value === "required") return { kind: value };
  const choice = asRecord(value);
  if (choice === null || typeof choice["type"] !== "string") {
    reader.refuse("tool_choice", "must be auto, none, required or the choice of a tool");
    return null;
  }
  if (choice["type"] !== "function") {
    reader.extras.set("tool_choice", choice);
    return null;
  }
  const chosen = reader.fields(choice["function"], "tool_choice.function");
  return { kind: "tool", name: reader.requiredText(chosen["name"], "tool_choice.function.name") };
}
