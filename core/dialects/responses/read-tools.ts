import type { OutputFormat, Tool, ToolChoice } from "../conversation.ts";
import { shapes, type Fields, type Findings } from "./findings.ts";

const knownOfTool: ReadonlySet<string> = new Set(["type", "name", "description", "parameters", "strict"]);

/** The functions among the tools; tools of other types are noted with their place and type. */
export function readTools(value: unknown, findings: Findings): readonly Tool[] {
  const tools: Tool[] = [];
  for (const [index, element] of (findings.optional(value, "tools", shapes.list) ?? []).entries()) {
    const path = `tools.${index}`;
    const tool = findings.required(element, path, shapes.record);
    if (tool === null) continue;
    const type = findings.text(tool["type"], `${path}.type`);
    if (type === "function") tools.push(readFunction(tool, path, findings));
    else findings.note(`${path} (${type})`, tool);
  }
  return tools;
}

function readFunction(tool: Fields, path: string, findings: Findings): Tool {
  findings.noteRest(tool, knownOfTool, path);
  const schema = findings.optional(tool["parameters"], `${path}.parameters`, shapes.record);
  return {
    name: findings.text(tool["name"], `${path}.name`),
    description: findings.optional(tool["description"], `${path}.description`, shapes.text) ?? "",
    schema: schema === null || Object.keys(schema).length === 0 ? null : schema,
    // `false` is what every other API takes a missing one for, and what is written for one.
    strict: findings.optional(tool["strict"], `${path}.strict`, shapes.flag) === true ? true : null,
    cache: null,
  };
}

const choices: ReadonlyMap<unknown, ToolChoice> = new Map([
  ["auto", { kind: "auto" }],
  ["none", { kind: "none" }],
  ["required", { kind: "required" }],
]);

/** A choice among tools that are no functions, or of some of several, is noted. */
export function readToolChoice(value: unknown, findings: Findings): ToolChoice | null {
  const choice = choices.get(value);
  if (choice !== undefined) return choice;
  if (typeof value === "string") findings.refuse("tool_choice", "must be auto, none, required, or an object");
  const fields = findings.optional(value, "tool_choice", shapes.record);
  if (fields === null) return null;
  if (fields["type"] === "function") return { kind: "tool", name: findings.text(fields["name"], "tool_choice.name") };
  findings.note("tool_choice", fields);
  return null;
}

/** `text.format`. */
export function readFormat(value: unknown, findings: Findings): OutputFormat | null {
  const path = "text.format";
  const format = findings.optional(value, path, shapes.record);
  if (format === null) return null;
  switch (format["type"]) {
    case "text":
      return { kind: "text" };
    case "json_object":
      return { kind: "json" };
    case "json_schema":
      return {
        kind: "schema",
        name: readName(format["name"], `${path}.name`, findings),
        description: findings.optional(format["description"], `${path}.description`, shapes.text) ?? "",
        schema: findings.required(format["schema"], `${path}.schema`, shapes.record) ?? {},
        strict: findings.optional(format["strict"], `${path}.strict`, shapes.flag),
      };
    default:
      findings.refuse(`${path}.type`, "must be text, json_object or json_schema");
      return null;
  }
}

function readName(value: unknown, path: string, findings: Findings): string {
  const name = findings.text(value, path);
  if (name === "") findings.refuse(path, "must not be empty");
  return name;
}
