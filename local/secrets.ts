import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { codeOf, StartFailure } from "./start-failure.ts";
import { writePrivateFile } from "./process/atomic-file.ts";

/** The first project and a key of it, whose text is nowhere else. */
const firstProjectSchema = z.object({ projectId: z.string(), apiKey: z.string() });
export type FirstProject = z.infer<typeof firstProjectSchema>;

const secretsSchema = z.object({
  adminKey: z.string().regex(/^ef_admin_[A-Za-z0-9_-]{43}$/),
  /** 32 bytes in base64. */
  credentialsKey: z.base64(),
  postgresPassword: z.string(),
  clickHousePassword: z.string(),
  redisToken: z.string(),
  /** Null until the first project is made. */
  firstProject: firstProjectSchema.nullable(),
});
export type Secrets = z.infer<typeof secretsSchema>;

const fileName = "secrets.json";

/** Reads the secrets of a data directory, or makes them. Throws `StartFailure` that names the file if it is damaged. */
export async function openSecrets(directory: string): Promise<Secrets> {
  const path = join(directory, fileName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    const secrets = newSecrets();
    await saveSecrets(directory, secrets);
    return secrets;
  }
  const parsed = secretsSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new StartFailure(`${path} is damaged: restore it, or remove the data directory ${directory} to start anew.`);
  }
  return parsed.data;
}

export async function saveSecrets(directory: string, secrets: Secrets): Promise<void> {
  await writePrivateFile(join(directory, fileName), JSON.stringify(secrets));
}

function newSecrets(): Secrets {
  const token = () => randomBytes(32).toString("base64url");
  return {
    adminKey: `ef_admin_${token()}`,
    credentialsKey: randomBytes(32).toString("base64"),
    postgresPassword: token(),
    clickHousePassword: token(),
    redisToken: token(),
    firstProject: null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
