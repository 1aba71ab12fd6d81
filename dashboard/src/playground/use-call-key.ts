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
  const { data } = useApi("listKeys", { params: { projectId }, query: { limit: 200 } });
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const make = useApiChange("createKey", ["listKeys"]);
  const live: readonly VirtualKey[] = data?.keys.filter(({ revokedAtMs }) => revokedAtMs === null) ?? [];
  const own = live.find(({ name }) => name === ownName);
  return {
    /** Those beside the playground's own. */
    others: live.filter((key) => key !== own),
    failure: make.error?.failure ?? null,
    /** The key of this id, or the playground's own; `null`: it could not be made. */
    resolve: async (keyId: string): Promise<KeyId | null> => {
      const chosen = live.find((key) => key.keyId === keyId) ?? own;
      if (chosen !== undefined) return chosen.keyId;
      const made = await make.mutateAsync({ params: { projectId }, query: {}, body: { name: ownName }, idempotencyKey }).catch(() => null);
      return made?.keyId ?? null;
    },
  };
}
