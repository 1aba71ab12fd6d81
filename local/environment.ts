import { resolve } from "node:path";
import { z } from "zod";
import { providers } from "#core/providers/providers.ts";
import { StartFailure } from "./start-failure.ts";

/** What the runner was asked for. `firstPort` 0 means four free ports. */
export interface Environment {
  readonly firstPort: number;
  readonly dataDirectory: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** `<PROVIDER>_API_KEY` and `<PROVIDER>_BASE_URL` that are set, handed to the gateway as they are. */
  readonly providerVariables: Readonly<Record<string, string>>;
}

/** The last of the four consecutive ports must exist too. */
const lastFirstPort = 65_532;

const optional = (schema: z.ZodType<string>) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const schema = z.object({
  PORT: z
    .preprocess((value) => (value === "" ? undefined : value), z.string().regex(/^\d+$/).default("8787"))
    .transform(Number)
    .refine((port) => port === 0 || (port >= 1 && port <= lastFirstPort)),
  EVALFORGE_DATA_DIR: optional(z.string()),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/ })),
});

const expectations: Record<string, string> = {
  PORT: `must be a port number from 1 to ${lastFirstPort} (that port and the next three are used), or 0 for free ports`,
  EVALFORGE_DATA_DIR: "must be a directory's path",
  DATABASE_URL: "must be a PostgreSQL address such as postgres://user:password@127.0.0.1:5432/database",
  REDIS_URL: "must be a Redis address such as redis://127.0.0.1:6379",
};

const knownPrefixes = new Set<string>(Object.values(providers).map(({ variablePrefix }) => variablePrefix));

/** A base URL makes a provider of any name; a key alone only that of a known one, so that no stranger's secret is handed on. */
function isProviderVariable(name: string, variables: Readonly<Record<string, string | undefined>>): boolean {
  const [, prefix, what] = /^([A-Z0-9_]+)_(API_KEY|BASE_URL)$/.exec(name) ?? [];
  return prefix !== undefined && (what === "BASE_URL" || knownPrefixes.has(prefix) || variables[`${prefix}_BASE_URL`] !== undefined);
}

/**
 * Reads the environment. `repository` is where a relative default starts from; a relative `EVALFORGE_DATA_DIR` starts from
 * `workingDirectory`. Throws `StartFailure` that names the variable and what it must be.
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  at: { readonly repository: string; readonly workingDirectory: string },
): Environment {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    throw new StartFailure(`${name} ${expectations[name]}, and is ${JSON.stringify(variables[name])}.`);
  }
  const { PORT, EVALFORGE_DATA_DIR, DATABASE_URL, REDIS_URL } = parsed.data;
  const forGateway: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || value === "" || !isProviderVariable(name, variables)) continue;
    if (name.endsWith("_BASE_URL") && !z.url({ protocol: /^https?$/ }).safeParse(value).success) {
      throw new StartFailure(`${name} must be an http or https address, and is ${JSON.stringify(value)}.`);
    }
    forGateway[name] = value;
  }
  return {
    firstPort: PORT,
    dataDirectory:
      EVALFORGE_DATA_DIR === undefined ? resolve(at.repository, ".evalforge") : resolve(at.workingDirectory, EVALFORGE_DATA_DIR),
    databaseUrl: DATABASE_URL ?? null,
    redisUrl: REDIS_URL ?? null,
    providerVariables: forGateway,
  };
}
