import type { Seeded } from "#migrations/seed.ts";
import { controlApi } from "./api.ts";
import { saveSecrets, type FirstProject, type Secrets } from "./secrets.ts";
import { StartFailure } from "./start-failure.ts";

export async function keepFirstProject(dataDirectory: string, secrets: Secrets, { projectId, apiKey }: FirstProject): Promise<void> {
  await saveSecrets(dataDirectory, { ...secrets, firstProject: { projectId, apiKey } });
}

/**
 * The project to start with and the text of a key of it. Where the database had a project already but this data directory has
 * no key of it (`DATABASE_URL` names a database that was used before), another key is made through the control API at `appUrl`.
 */
export async function findFirstProject(
  dataDirectory: string,
  secrets: Secrets,
  { seeded, appUrl }: { readonly seeded: Seeded; readonly appUrl: string },
): Promise<FirstProject> {
  if (seeded.kind === "made") return { projectId: seeded.projectId, apiKey: seeded.apiKey };
  if (secrets.firstProject?.projectId === seeded.projectId) return secrets.firstProject;
  const apiKey = await makeKey(appUrl, secrets.adminKey, seeded.projectId);
  const firstProject = { projectId: seeded.projectId, apiKey };
  await keepFirstProject(dataDirectory, secrets, firstProject);
  return firstProject;
}

async function makeKey(appUrl: string, adminKey: string, projectId: string): Promise<string> {
  const body = { name: "Local key" };
  const made = await controlApi(appUrl, adminKey).call("createKey", { params: { projectId }, query: {}, body });
  if (made.kind !== "ok") throw new StartFailure(`A key for project ${projectId} cannot be made: ${made.status} ${made.message}`);
  return made.value.key;
}
