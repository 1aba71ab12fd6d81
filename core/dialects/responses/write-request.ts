import type { Conversation, OutputFormat, Reasoning, Tool, ToolChoice } from "../conversation.ts";
import type { WriteTarget, WrittenRequest } from "../dialect.ts";
import { carryExtras } from "./carried-extras.ts";
import { shapes, type Fields } from "./findings.ts";
import { includes } from "./read-request.ts";
import { writeInput } from "./write-input.ts";

/** What a schema is called that came without a name, which this API demands. */
const schemaNameUsual = "answer";

/**
 * Writes the body of `POST /responses`. The gateway keeps no state, so neither does the provider, and thinking comes back
 * sealed.
 */
export function writeRequest(conversation: Conversation, target: WriteTarget): WrittenRequest {
  const { instructions, items, dropped } = writeInput(conversation.turns);
  const extras = carryExtras(conversation.extras);
  const text = { ...writeFormat(conversation.format), ...extras.text };
  const reasoning = { ...writeEffort(conversation.reasoning), ...extras.reasoning };
  const sent = {
    instructions,
    tools: conversation.tools.length === 0 ? null : conversation.tools.map(writeTool),
    tool_choice: writeToolChoice(conversation.toolChoice),
    parallel_tool_calls: conversation.parallelToolCalls,
    max_output_tokens: conversation.maxOutputTokens,
    temperature: conversation.temperature,
    top_p: conversation.topP,
    top_logprobs: conversation.topLogprobs === 0 ? null : conversation.topLogprobs,
    text: noneIfEmpty(text),
    reasoning: noneIfEmpty(reasoning),
    service_tier: conversation.serviceTier,
    user: conversation.user,
    stream: conversation.streamed ? true : null,
  };
  return {
    kind: "written",
    body: {
      model: target.model,
      input: items,
      ...Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null)),
      store: false,
      ...extras.body,
      include: includesOf(conversation, extras.body["include"]),
    },
    dropped: [...unsaid(conversation), ...extras.dropped, ...dropped],
  };
}

/** The keys of what was said and this API has no field for. */
function unsaid({ topK, stopSequences, reasoning }: Conversation): readonly string[] {
  const isUnsaid = { topK: topK !== null, stopSequences: stopSequences.length > 0, reasoning: reasoning?.kind === "budget" };
  return Object.entries(isUnsaid)
    .filter(([, is]) => is)
    .map(([name]) => name);
}

function includesOf({ topLogprobs }: Conversation, extra: unknown): readonly unknown[] {
  const own = topLogprobs === null ? [includes.seals] : [includes.seals, includes.logprobs];
  return shapes.list.is(extra) ? [...own, ...extra] : own;
}

/** Tools are strict here unless they say otherwise, and nowhere else. */
function writeTool(tool: Tool): Fields {
  return {
    type: "function",
    name: tool.name,
    ...(tool.description === "" ? {} : { description: tool.description }),
    parameters: tool.schema,
    strict: tool.strict ?? false,
  };
}

function writeToolChoice(choice: ToolChoice | null): unknown {
  return choice?.kind === "tool" ? { type: "function", name: choice.name } : (choice?.kind ?? null);
}

function writeFormat(format: OutputFormat | null): Fields {
  switch (format?.kind) {
    case undefined:
      return {};
    case "text":
      return { format: { type: "text" } };
    case "json":
      return { format: { type: "json_object" } };
    case "schema": {
      const { name, description, schema, strict } = format;
      const described = description === "" ? {} : { description };
      const isStrict = strict === null ? {} : { strict };
      return { format: { type: "json_schema", name: name === "" ? schemaNameUsual : name, ...described, schema, ...isStrict } };
    }
  }
}

/** A model that decides by itself is what there is without an effort; a budget cannot be said. */
function writeEffort(reasoning: Reasoning | null): Fields {
  switch (reasoning?.kind) {
    case "off":
      return { effort: "none" };
    case "effort":
    case "adaptive":
      return reasoning.effort === null ? {} : { effort: reasoning.effort };
    case "budget":
    case undefined:
      return {};
  }
}

function noneIfEmpty(fields: Fields): Fields | null {
  return Object.keys(fields).length === 0 ? null : fields;
}
