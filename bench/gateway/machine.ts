import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import * as z from "zod";

/** On what, with what: a figure without it means nothing. */
export interface Machine {
  readonly atMs: number;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
}

const measuredPackages = ["workerd", "miniflare", "@portkey-ai/gateway", "@musistudio/llms"] as const;
const manifestSchema = z.object({ version: z.string() });

/** Describes the machine and the versions in play. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    atMs: Date.now(),
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    packages: Object.fromEntries(measuredPackages.map((name) => [name, installedVersion(name)])),
  };
}

function installedVersion(name: string): string {
  // From the nearest node_modules upwards: the peers' own here, the runtime's from the project.
  for (const directory of ["../node_modules/", "../../node_modules/"]) {
    try {
      return manifestSchema.parse(JSON.parse(readFileSync(new URL(`${directory}${name}/package.json`, import.meta.url), "utf8"))).version;
    } catch {
      // Not in this one.
    }
  }
  return "not installed";
}
