import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { constants, gunzipSync } from "node:zlib";
import * as z from "zod";
import type { Region } from "#core/contracts/region.ts";
import { askClickhouse } from "./clickhouse.ts";
import type { RunningSystem } from "./running-system.ts";

export function databaseOf(region: Region): string {
  return `evalforge_${region.replaceAll("-", "_")}`;
}

/** All that the tables of a region's database say. */
export async function databaseText(system: RunningSystem, region: Region): Promise<string> {
  const database = databaseOf(region);
  const tables = await askClickhouse(system, {
    query: `SELECT name FROM system.tables WHERE database = '${database}' AND engine NOT LIKE '%View'`,
    row: z.object({ name: z.string() }),
  });
  const rows = await Promise.all(
    tables.map(({ name }) => askClickhouse(system, { query: `SELECT * FROM ${name}`, row: z.looseObject({}), database })),
  );
  return JSON.stringify(rows);
}

/** All that is in Redis, over Upstash's protocol. */
export async function redisText(system: RunningSystem): Promise<string> {
  const { origin, password } = new URL(system.local.redisUrl);
  const ask = async (command: readonly string[]): Promise<unknown> => {
    const response = await fetch(origin, {
      method: "POST",
      headers: { authorization: `Bearer ${password}` },
      body: JSON.stringify(command),
    });
    return z.object({ result: z.unknown() }).parse(await response.json()).result;
  };
  const keys = z.array(z.string()).parse(await ask(["KEYS", "*"]));
  return JSON.stringify(await Promise.all(keys.map(async (key) => [key, await ask(["GET", key])])));
}

/** Whose file it is: a region's bucket or event buffer; else its path. ClickHouse's own are read through its tables. */
function ownerOf(directory: string, file: string): string {
  const bucket = /^workers\/r2\/evalforge-([^/]+)\//.exec(file)?.[1];
  if (bucket !== undefined) return bucket;
  const buffer = /^workers\/do\/evalforge-gateway-EventBuffer\/[0-9a-f]+\.sqlite/.exec(file)?.[0];
  if (buffer === undefined) return file;
  const database = new DatabaseSync(join(directory, buffer), { readOnly: true });
  const name = database.prepare("SELECT value FROM meta WHERE name = 'name'").get()?.["value"];
  database.close();
  return String(name).split(":")[0] ?? "";
}

const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08]);

/** A file's bytes, and what is packed in them, as far as it can be read. */
function textsOf(bytes: Buffer): Buffer[] {
  const texts = [bytes];
  for (let at = bytes.indexOf(gzipMagic); at !== -1; at = bytes.indexOf(gzipMagic, at + 1)) {
    try {
      texts.push(gunzipSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // No packet after all, or one in pieces.
    }
  }
  return texts;
}

/** By what was looked for, whose files hold it. */
export async function ownersOf(directory: string, markers: readonly string[]): Promise<Record<string, string[]>> {
  const owners = new Map(markers.map((marker) => [marker, new Set<string>()]));
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const file = path.slice(directory.length + 1);
    if (!entry.isFile() || file.startsWith("clickhouse/")) continue;
    const texts = textsOf(await readFile(path));
    for (const [marker, found] of owners) if (texts.some((text) => text.includes(marker))) found.add(ownerOf(directory, file));
  }
  return Object.fromEntries(Array.from(owners, ([marker, found]) => [marker, [...found].toSorted()]));
}
