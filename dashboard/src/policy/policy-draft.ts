import { maskingDetectorSchema, projectPolicySchema, type MaskingDetector, type ProjectPolicy } from "#core/contracts/policy.ts";

interface PatternDraft {
  readonly id: string;
  readonly name: string;
  readonly pattern: string;
}

/** A project's policy as it stands in the fields: nothing of it need be right. */
export interface PolicyDraft {
  readonly record: ProjectPolicy["record"];
  readonly payloads: ProjectPolicy["payloads"];
  readonly detectors: readonly MaskingDetector[];
  /** One name of a JSON field a line. */
  readonly fields: string;
  readonly patterns: readonly PatternDraft[];
  /** Whole days; empty: for ever. */
  readonly payloadDays: string;
  readonly spanDays: string;
}

export const detectors = maskingDetectorSchema.options;

export function draftOfPolicy({ record, payloads, masking, retention }: ProjectPolicy): PolicyDraft {
  return {
    record,
    payloads,
    detectors: masking.flatMap((rule) => (rule.kind === "detector" ? [rule.detector] : [])),
    fields: masking.flatMap((rule) => (rule.kind === "field" ? [rule.field] : [])).join("\n"),
    patterns: masking.flatMap((rule, at) => (rule.kind === "pattern" ? [{ id: String(at), name: rule.name, pattern: rule.pattern }] : [])),
    payloadDays: retention.payloadDays === null ? "" : String(retention.payloadDays),
    spanDays: retention.spanDays === null ? "" : String(retention.spanDays),
  };
}

export type ReadPolicy =
  | { readonly kind: "policy"; readonly policy: ProjectPolicy }
  /** By field of the draft; of a pattern by its id and part, `<id> name`. */
  | { readonly kind: "faulty"; readonly faults: Readonly<Record<string, string>> };

/** What is typed → a policy as the API takes it, or what is wrong in which field. */
export function readPolicyDraft(draft: PolicyDraft): ReadPolicy {
  const fields = draft.fields
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  // Beside each rule where it stands, so that a fault is said there.
  const rules = [
    ...draft.detectors.map((detector) => ({ rule: { kind: "detector", detector }, place: "detectors" })),
    ...fields.map((field) => ({ rule: { kind: "field", field }, place: "fields" })),
    ...draft.patterns.map(({ id, name, pattern }) => ({ rule: { kind: "pattern", name, pattern }, place: id })),
  ];
  const parsed = projectPolicySchema.safeParse({
    record: draft.record,
    payloads: draft.payloads,
    masking: rules.map(({ rule }) => rule),
    retention: { payloadDays: daysOf(draft.payloadDays), spanDays: daysOf(draft.spanDays) },
  });
  if (parsed.success) return { kind: "policy", policy: parsed.data };
  const faults: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) {
    const [part, at, field] = path.map(String);
    const place = part === "masking" ? (rules[Number(at)]?.place ?? "masking") : part === "retention" ? (at ?? "") : (part ?? "");
    const isOfPattern = part === "masking" && draft.patterns.some(({ id }) => id === place);
    faults[isOfPattern ? `${place} ${field ?? ""}` : place] ??= message;
  }
  return { kind: "faulty", faults };
}

function daysOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
