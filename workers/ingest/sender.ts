import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { Region } from "#core/contracts/region.ts";
import type { EventOrigin } from "#core/ingest/event-span.ts";

/** Whose records these are, and where they came in. */
export interface Sender {
  readonly snapshot: KeySnapshot;
  readonly servingRegion: Region;
  /** The client's user agent. */
  readonly client: string;
}

/** What every record of a sender says of it. */
export function originOf({ snapshot, servingRegion, client }: Sender, ingestProtocol: EventOrigin["ingestProtocol"]): EventOrigin {
  const { organizationId, projectId, keyId, homeRegion } = snapshot;
  return { organizationId, projectId, keyId, homeRegion, servingRegion, client, ingestProtocol };
}
