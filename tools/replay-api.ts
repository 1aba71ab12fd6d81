import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Send } from "#core/contracts/api/client.ts";

/** Where the control API is, and the key that may do all. */
interface Target {
  readonly appUrl: string;
  readonly adminKey: string;
}

const localSchema = z.object({ apiUrl: z.string(), adminKey: z.string() });

/** From the environment, or else from the system that runs on this machine; `null`: neither says. */
export async function readTarget(appUrl: string | undefined): Promise<Target | null> {
  const { EVALFORGE_APP_URL, ADMIN_KEY, EVALFORGE_DATA_DIR } = process.env;
  const url = appUrl ?? EVALFORGE_APP_URL ?? "";
  if (url !== "" || (ADMIN_KEY ?? "") !== "") return url === "" || !ADMIN_KEY ? null : { appUrl: url, adminKey: ADMIN_KEY };
  try {
    const local = localSchema.parse(JSON.parse(await readFile(join(EVALFORGE_DATA_DIR || ".evalforge", "local.json"), "utf8")));
    return { appUrl: local.apiUrl, adminKey: local.adminKey };
  } catch {
    return null;
  }
}

/** Brings requests to the control API. */
export function senderTo({ appUrl, adminKey }: Target): Send {
  return async ({ method, address, headers, body }) => {
    try {
      const init = { method, headers: { ...headers, authorization: `Bearer ${adminKey}` }, body };
      const response = await fetch(new URL(address, appUrl), init);
      return { status: response.status, body: await response.json().catch(() => null) };
    } catch {
      return null;
    }
  };
}
