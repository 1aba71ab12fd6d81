import * as z from "zod";
import type { LimitSelector, LimitSubject } from "#core/contracts/limits.ts";
import { regionSchema } from "#core/contracts/region.ts";

/** Whose calls are counted together, as it is said in forms. */
const subjectNames = {
  "the whole organization": "organization",
  teams: "team",
  projects: "project",
  keys: "key",
  users: "user",
} as const satisfies Readonly<Record<string, LimitSubject["kind"]>>;

const countsSchema = z.enum(["the whole organization", "teams", "projects", "keys", "users"]);
const anyRegion = "any region";

/** What forms of budgets and of rate limits ask for alike. */
export const placeFormFields = {
  name: z.string().trim().min(1, "must have a name").max(200),
  counts: countsSchema.meta({ description: "Whose calls are counted together." }),
  who: z.string().trim().optional().meta({
    title: "Which one",
    description:
      "The name of the team, the id of the project or key, or the user as calls name them. Empty: each by itself, also those that are seen for the first time.",
  }),
} as const;

/** Which calls are counted, for those who want not all. */
export const selectorFormFields = {
  model: z.string().trim().optional().meta({ description: "Only calls of this model; * stands for any characters." }),
  provider: z.string().trim().optional().meta({ description: "Only calls to this provider, such as openai." }),
  region: z
    .enum([anyRegion, ...regionSchema.options])
    .default(anyRegion)
    .meta({ title: "Served in", description: "Only calls that this region serves." }),
  tag: z.string().trim().optional().meta({ description: "Only calls with this tag." }),
} as const;

export const selectorFieldNames = ["model", "provider", "region", "tag"] as const;

interface PlaceForm {
  readonly counts: z.output<typeof countsSchema>;
  readonly who?: string | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly region: string;
  readonly tag?: string | undefined;
}

type SubjectBody =
  | { readonly kind: "organization" }
  | { readonly kind: Exclude<LimitSubject["kind"], "organization">; readonly id: string | null };

/** A form as the API takes it; what is no project, key or provider the API says at its field. */
export function placeBody({ counts, who, model, provider, region, tag }: PlaceForm) {
  const kind = subjectNames[counts];
  const subject: SubjectBody = kind === "organization" ? { kind } : { kind, id: who ?? null };
  return {
    subject,
    selector: {
      model: model ?? null,
      provider: provider ?? null,
      region: regionSchema.safeParse(region).data ?? null,
      tag: tag ?? null,
    },
  };
}

/** What stands in the fields of a limit that is changed. */
export function placeHeld({ subject, selector }: { readonly subject: LimitSubject; readonly selector: LimitSelector }) {
  const counts = countsSchema.options.find((name) => subjectNames[name] === subject.kind) ?? countsSchema.options[0];
  return {
    counts,
    who: subject.kind === "organization" ? "" : (subject.id ?? ""),
    model: selector.model ?? "",
    provider: selector.provider ?? "",
    region: selector.region ?? anyRegion,
    tag: selector.tag ?? "",
  };
}

/** The field in which a parameter of the API is asked for; `null`: it is another. */
export function placeFieldOf(param: string): string | null {
  if (param === "subject" || param.startsWith("subject.")) return param === "subject" ? "counts" : "who";
  const [, selected = null] = /^selector\.(\w+)/.exec(param) ?? [];
  return selected;
}
