import type { OutputFormat, Reasoning } from "../conversation.ts";
import { type FieldReader, type Fields, restOf } from "./request-fields.ts";

const thinkingNames: ReadonlySet<string> = new Set(["type"]);
const enabledNames: ReadonlySet<string> = new Set(["type", "budget_tokens"]);
const configNames: ReadonlySet<string> = new Set(["effort", "format"]);

/** `thinking`, and the effort of `output_config`, which is an extra where the conversation has no place for both. */
export function readReasoning(body: Fields, read: FieldReader, extras: Map<string, unknown>): Reasoning | null {
  const effort = readEffort(body, read);
  const thinking = read.optionalRecord(body, "", "thinking");
  const keepEffort = (): void => {
    if (effort !== null) extras.set("output_config.effort", effort);
  };
  const keepRest = (of: Fields, names: ReadonlySet<string>): void => {
    for (const [suffix, value] of restOf(of, names)) extras.set(`thinking${suffix}`, value);
  };
  switch (thinking?.["type"]) {
    case "disabled":
      keepEffort();
      return { kind: "off" };
    case "enabled":
      keepEffort();
      keepRest(thinking, enabledNames);
      return { kind: "budget", tokens: read.tokens(thinking, "thinking", "budget_tokens") };
    case "adaptive":
      keepRest(thinking, thinkingNames);
      return { kind: "adaptive", effort };
    default:
      if (thinking !== null) {
        extras.set("thinking.type", read.text(thinking, "thinking", "type"));
        keepRest(thinking, thinkingNames);
      }
      return effort === null ? null : { kind: "effort", effort };
  }
}

function readEffort(body: Fields, read: FieldReader): string | null {
  const config = read.optionalRecord(body, "", "output_config");
  return config === null ? null : read.optionalText(config, "output_config", "effort");
}

/** The format of `output_config`. This dialect knows schemas only, and gives them no names. */
export function readFormat(body: Fields, read: FieldReader, extras: Map<string, unknown>): OutputFormat | null {
  const config = read.optionalRecord(body, "", "output_config");
  if (config === null) return null;
  for (const [suffix, value] of restOf(config, configNames)) extras.set(`output_config${suffix}`, value);
  const format = read.optionalRecord(config, "output_config", "format");
  if (format === null) return null;
  if (format["type"] !== "json_schema") {
    read.text(format, "output_config.format", "type");
    extras.set("output_config.format", format);
    return null;
  }
  const schema = read.record(format["schema"], "output_config.format.schema");
  return { kind: "schema", name: "", description: "", schema, strict: null };
}
