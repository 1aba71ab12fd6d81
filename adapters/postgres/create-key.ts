import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { KeyPolicy, VirtualKey } from "#core/contracts/api/keys.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import { makeVirtualKey } from "../virtual-key.ts";
import * as schema from "./schema.ts";

export interface NewKey {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly policy: KeyPolicy;
  readonly nowMs: number;
}

/** Makes and stores a virtual key, over any driver; its text is in the answer and nowhere else. Throws what the driver throws. */
export async function createVirtualKey<Result extends PgQueryResultHKT>(
  database: PgDatabase<Result, typeof schema>,
  { projectId, name, policy, nowMs }: NewKey,
): Promise<VirtualKey & { readonly key: string }> {
  const { keyId, key, secretHash } = await makeVirtualKey();
  await database.insert(schema.virtualKeys).values({ keyId, projectId, secretHash, name, ...policy, createdAt: new Date(nowMs) });
  return { keyId, name, ...policy, createdAtMs: nowMs, revokedAtMs: null, key };
}
