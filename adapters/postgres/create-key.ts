import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { RecordMode, VirtualKey } from "#core/contracts/api/keys.ts";
import type { ProjectId } from "#core/contracts/id.ts";
import { makeVirtualKey } from "../virtual-key.ts";
import * as schema from "./schema.ts";

export interface NewKey {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly record: RecordMode;
  readonly nowMs: number;
}

/** Makes and stores a virtual key, over any driver; its text is in the answer and nowhere else. Throws what the driver throws. */
export async function createVirtualKey<Result extends PgQueryResultHKT>(
  database: PgDatabase<Result, typeof schema>,
  { projectId, name, record, nowMs }: NewKey,
): Promise<VirtualKey & { readonly key: string }> {
  const { keyId, key, secretHash } = await makeVirtualKey();
  await database.insert(schema.virtualKeys).values({ keyId, projectId, secretHash, name, record, createdAt: new Date(nowMs) });
  return { keyId, name, record, createdAtMs: nowMs, revokedAtMs: null, key };
}
