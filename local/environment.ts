import { resolve } from "node:path";
import * as z from "zod";
import { baseUrlSchema } from "#core/contracts/api/providers.ts";
import { providers } from "#core/providers/providers.ts";
import { StartFailure } from "./start-failure.ts";

/** What the runner was asked for. `firstPort` 0 means four free ports. */
export interface Environment {
  readonly firstPort: number;
  readonly dataDirectory: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** How many spans the month of generated traffic has that `--demo` asks for; 0: none is asked for. */
  readonly demoSpans: number;
  /** `<PROVIDER>_API_KEY` and `<PROVIDER>_BASE_URL` that are set, handed to the gateway as they are. */
  readonly providerVariables: Readonly<Record<string, string>>;
  /** Names that would make a provider, of whose values none can be made: they mean something else to somebody else. */
  readonly ignored: readonly string[];
}

/** Loads a project with a generated month of traffic. */
const demoFlag = "--demo";

/** The last of the four consecutive ports must exist too. */
const lastFirstPort = 65_532;

const optional = (schema: z.ZodType<string>) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

function hasUserAndDatabase(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username !== "" && url.hostname !== "" && url.pathname.length > 1;
}

const schema = z.object({
  PORT: z
    .preprocess((value) => (value === "" ? undefined : value), z.string().regex(/^\d+$/).default("8787"))
    .transform(Number)
    .refine((port) => port === 0 || (port >= 1 && port <= lastFirstPort)),
  EVALFORGE_DATA_DIR: optional(z.string()),
  EVALFORGE_DEMO_SPANS: z
    .preprocess(
      (value) => (value === "" ? undefined : value),
      z
        .string()
        .regex(/^[1-9]\d{0,6}$/)
        .default("30000"),
    )
    .transform(Number),
  INIT_CWD: optional(z.string()),
  // Neon's driver asks for user and database, and would say so only at the first query.
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ }).refine(hasUserAndDatabase)),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/ })),
});

const expectations: Record<string, string> = {
  PORT: `must be a port number from 1 to ${lastFirstPort} (that port and the next three are used), or 0 for free ports`,
  EVALFORGE_DATA_DIR: "must be a directory's path",
  EVALFORGE_DEMO_SPANS: "must be how many spans `--demo` generates, such as 30000",
  DATABASE_URL: "must be a PostgreSQL address with user and database, such as postgres://user:password@127.0.0.1:5432/database",
  REDIS_URL: "must be a Redis address such as redis://127.0.0.1:6379",
};

const knownPrefixes = new Set<string>(Object.values(providers).map(({ variablePrefix }) => variablePrefix));

/** The rest is another's: a password, or a key in a query. */
function shown(value: string | undefined): string {
  return JSON.stringify(value?.replace(/(\/\/[^/@]*:)[^/@]*@/, "$1…@").replace(/\?.*/s, "?…"));
}

/**
 * What is the gateway's. A base URL makes a provider of any name; a key alone only that of a known one, so that no
 * stranger's secret is handed on. A base URL that cannot be one is wrong under a known name, and another's under any other.
 */
function readProviders(variables: Readonly<Record<string, string | undefined>>): Pick<Environment, "providerVariables" | "ignored"> {
  const providerVariables: Record<string, string> = {};
  const ignored: string[] = [];
  const prefixes = new Set(knownPrefixes);
  const ofKind = (ending: string) =>
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && value !== "" && /^[A-Z0-9_]+$/.test(name) && name.endsWith(ending) && name !== ending
        ? [{ name, value, prefix: name.slice(0, -ending.length) }]
        : [],
    );
  for (const { name, value, prefix } of ofKind("_BASE_URL")) {
    const parsed = baseUrlSchema.safeParse(value);
    if (parsed.success) {
      providerVariables[name] = value;
      prefixes.add(prefix);
    } else if (knownPrefixes.has(prefix)) throw new StartFailure(`${name} ${parsed.error.issues[0]?.message}, and is ${shown(value)}.`);
    else ignored.push(name);
  }
  for (const { name, value, prefix } of ofKind("_API_KEY")) if (prefixes.has(prefix)) providerVariables[name] = value;
  return { providerVariables, ignored };
}

/**
 * Reads the environment. `repository` is where a relative default starts from; a relative `EVALFORGE_DATA_DIR` starts from
 * where the person stands: npm runs its scripts in the repository, and says in `INIT_CWD` where it was called. Throws
 * `StartFailure` that names the variable and what it must be.
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  at: { readonly repository: string; readonly workingDirectory: string; readonly arguments?: readonly string[] },
): Environment {
  const unknown = at.arguments?.find((argument) => argument !== demoFlag);
  if (unknown !== undefined) throw new StartFailure(`${unknown} is not known here; there is ${demoFlag}.`);
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    throw new StartFailure(`${name} ${expectations[name]}, and is ${shown(variables[name])}.`);
  }
  const { PORT, EVALFORGE_DATA_DIR, EVALFORGE_DEMO_SPANS, INIT_CWD, DATABASE_URL, REDIS_URL } = parsed.data;
  return {
    firstPort: PORT,
    dataDirectory:
      EVALFORGE_DATA_DIR === undefined
        ? resolve(at.repository, ".evalforge")
        : resolve(INIT_CWD ?? at.workingDirectory, EVALFORGE_DATA_DIR),
    databaseUrl: DATABASE_URL ?? null,
    redisUrl: REDIS_URL ?? null,
    demoSpans: at.arguments?.includes(demoFlag) === true ? EVALFORGE_DEMO_SPANS : 0,
    ...readProviders(variables),
  };
}
