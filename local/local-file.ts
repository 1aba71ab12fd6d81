import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Region } from "#core/contracts/region.ts";
import { writePrivateFile } from "./process/atomic-file.ts";

/** `local.json`: where a running system is found, for tests, benchmarks and scripts. Written once everything answers. */
export interface LocalFile {
  readonly url: string;
  readonly dashboardUrl: string;
  readonly apiKey: string;
  readonly adminKey: string;
  readonly projectId: string;
  /** The project with the generated month; `null`: it was not asked for. */
  readonly demoProjectId: string | null;
  readonly regions: Readonly<Record<Region, string>>;
  readonly ingestUrl: string;
  readonly apiUrl: string;
  readonly postgresUrl: string;
  readonly clickhouseUrl: string;
  readonly redisUrl: string;
  readonly simulatorUrl: string;
  readonly pid: number;
}

const fileName = "local.json";

export async function writeLocalFile(directory: string, content: LocalFile): Promise<void> {
  await writePrivateFile(join(directory, fileName), `${JSON.stringify(content, null, 2)}\n`);
}

/** Whoever waits for a start must not read the file of the one before. */
export async function removeLocalFile(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}
