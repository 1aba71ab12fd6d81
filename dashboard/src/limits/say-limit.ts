import type { LimitSelector, LimitSubject } from "#core/contracts/limits.ts";

/** Whose calls a limit counts together. `nameOf`: what projects and keys are called. */
export function sayWhose(subject: LimitSubject, nameOf: (id: string) => string): string {
  if (subject.kind === "organization") return "the whole organization";
  if (subject.id === null) return `each ${subject.kind} by itself`;
  return `${subject.kind} ${nameOf(subject.id)}`;
}

/** Which of their calls; empty: all. */
export function saySelector({ model, provider, region, tag }: LimitSelector): readonly string[] {
  return [
    model === null ? null : `model ${model}`,
    provider === null ? null : `provider ${provider}`,
    region === null ? null : `served in ${region}`,
    tag === null ? null : `tag ${tag}`,
  ].filter((each) => each !== null);
}
