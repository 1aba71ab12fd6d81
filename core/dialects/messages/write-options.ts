import type { Conversation, OutputFormat, Reasoning, Tool, ToolChoice } from "../conversation.ts";
import { withCacheMark } from "./cache-mark.ts";
import { outputTokensMax } from "./output-tokens.ts";
import { ownFields, type PlacedExtras } from "./placed-extras.ts";
import type { Fields } from "./request-fields.ts";

/** The caller's tools, and those among its extras. */
export function writeTools(tools: readonly Tool[], extras: PlacedExtras): readonly Fields[] {
  return extras.completeList(tools.map(writeTool), "tools", (tool, path) => extras.complete(tool, path, ownFields.tool));
}

function writeTool(tool: Tool): Fields {
  const written = {
    name: tool.name,
    ...(tool.description === "" ? {} : { description: tool.description }),
    // A schema must say that it is an object's.
    input_schema: tool.schema === null || Object.keys(tool.schema).length === 0 ? { type: "object", properties: {} } : tool.schema,
    ...(tool.strict === null ? {} : { strict: tool.strict }),
  };
  return withCacheMark(written, tool.cache);
}

/** `tool_choice`; empty: nothing to say. Several calls at once are what happens unless it is forbidden here. */
export function writeToolChoice(
  { toolChoice, parallelToolCalls }: Pick<Conversation, "toolChoice" | "parallelToolCalls">,
  hasTools: boolean,
  dropped: Set<string>,
): Fields {
  const isForbidden = parallelToolCalls === false;
  if (toolChoice?.kind === "none" || (toolChoice === null && !hasTools)) {
    if (isForbidden) dropped.add("parallelToolCalls");
    return toolChoice === null ? {} : { tool_choice: { type: "none" } };
  }
  if (toolChoice === null && !isForbidden) return {};
  const choice = toolChoice === null ? { type: "auto" } : writeChoice(toolChoice);
  return { tool_choice: isForbidden ? { ...choice, disable_parallel_tool_use: true } : choice };
}

function writeChoice(choice: ToolChoice): Fields {
  switch (choice.kind) {
    case "auto":
    case "none":
      return { type: choice.kind };
    case "required":
      return { type: "any" };
    case "tool":
      return { type: "tool", name: choice.name };
  }
}

/** `thinking`; empty: nothing to say. */
export function writeThinking(reasoning: Reasoning | null): Fields {
  switch (reasoning?.kind) {
    case "off":
      return { type: "disabled" };
    case "budget":
      return { type: "enabled", budget_tokens: reasoning.tokens };
    case "adaptive":
      return { type: "adaptive" };
    case "effort":
    case undefined:
      return {};
  }
}

/** `output_config`: the effort, and the schema of the answer. */
export function writeOutputConfig(reasoning: Reasoning | null, format: OutputFormat | null, dropped: Set<string>): Fields {
  const effort = reasoning?.kind === "effort" || reasoning?.kind === "adaptive" ? reasoning.effort : null;
  return {
    // The least that there is.
    ...(effort === null ? {} : { effort: effort === "minimal" ? "low" : effort }),
    ...writeFormat(format, dropped),
  };
}

function writeFormat(format: OutputFormat | null, dropped: Set<string>): Fields {
  if (format?.kind === "json") dropped.add("format");
  if (format?.kind !== "schema") return {};
  if (format.description !== "") dropped.add("format.description");
  return { format: { type: "json_schema", schema: format.schema } };
}

/** `max_tokens`, which must be sent, and be more than a budget of thinking. */
export function maxTokensOf({ maxOutputTokens, reasoning }: Conversation, model: string): number {
  if (maxOutputTokens !== null) return maxOutputTokens;
  const most = outputTokensMax(model);
  return reasoning?.kind === "budget" && reasoning.tokens >= most ? reasoning.tokens + most : most;
}
