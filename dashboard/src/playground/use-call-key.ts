import { useState } from "react";
import type { VirtualKey } from "#core/contracts/api/keys.ts";
import type { KeyId } from "#core/contracts/id.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { useProject } from "../shell/project-context.ts";

/** The name of the key that calls are made as where nobody chose another. */
const ownName = "Playground";

/**
 * As which key calls are made. Unless another is chosen it is one of the playground's own, made with the first call: its
 * limits are apart from those of applications, and its text, which nobody needs, is seen by nobody.
 */
export function useCallKey() {
  const { projectId } = useProject();
  const { data, refetch } = useApi("listKeys", { params: { projectId }, query: { limit: 200 } });
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const make = useApiChange("createKey", ["listKeys"]);
  const live = liveOf(data?.keys ?? []);
  return {
    /** Those beside the playground's own. */
    others: live.filter((key) => key !== ownOf(live)),
    failure: make.error?.failure ?? null,
    /** The key of this id, or the playground's own; `null`: it could not be made. */
    resolve: async (keyId: string): Promise<KeyId | null> => {
      // Before they are known, nobody can tell whether the playground has a key already.
      const known = data === undefined ? liveOf((await refetch()).data?.keys ?? []) : live;
      const chosen = known.find((key) => key.keyId === keyId) ?? ownOf(known);
      if (chosen !== undefined) return chosen.keyId;
      const made = await make.mutateAsync({ params: { projectId }, query: {}, body: { name: ownName }, idempotencyKey }).catch(() => null);
      return made?.keyId ?? null;
    },
  };
}

function liveOf(keys: readonly VirtualKey[]): readonly VirtualKey[] {
  return keys.filter(({ revokedAtMs }) => revokedAtMs === null);
}

function ownOf(keys: readonly VirtualKey[]): VirtualKey | undefined {
  return keys.find(({ name }) => name === ownName);
}
