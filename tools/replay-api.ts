import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";

/** Where the control API is, and the key that may do all. */
export interface Target {
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

export type Asked<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "failed"; readonly status: number; readonly isRetryable: boolean; readonly message: string };

interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

/** Asks an endpoint; the answer is checked against its contract. `status` 0: there was no answer. */
export async function askApi<Of extends Endpoint>(
  { appUrl, adminKey }: Target,
  { method, path, output }: Of,
  { params, query = {}, body }: Input,
): Promise<Asked<z.output<Of["output"]>>> {
  const url = new URL(
    path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? "")),
    appUrl,
  );
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    const schema: Of["output"] = output;
    if (response.ok) return { kind: "answered", value: schema.parse(answer) };
    const told = errorSchema.safeParse(answer);
    const message = told.success ? told.data.error.message : `${method} ${url.pathname}: ${response.status}`;
    return { kind: "failed", status: response.status, isRetryable: response.status >= 500, message };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "failed", status: 0, isRetryable: true, message: `${method} ${url.pathname}: ${reason}` };
  }
}
