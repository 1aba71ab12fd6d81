import type { CallTarget } from "../gateway/call-span.ts";
import type { RequestBody } from "../gateway/request-body.ts";
import type { OutputBound } from "./output-bound.ts";

const capFields = ["max_completion_tokens", "max_tokens", "max_output_tokens"] as const;

/** What a request says so that no answer is longer: in all fields that say something of it, or in the one that its provider knows. */
export function capOf(
  { capField, tokens }: OutputBound,
  { provider }: CallTarget,
  { fields }: RequestBody,
): Readonly<Record<string, number>> | null {
  if (capField === null) return null;
  const said = capFields.filter((name) => typeof fields[name] === "number");
  const usual = capField === "max_completion_tokens" && provider !== "openai" ? "max_tokens" : capField;
  return Object.fromEntries((said.length > 0 ? said : [usual]).map((name) => [name, tokens]));
}
