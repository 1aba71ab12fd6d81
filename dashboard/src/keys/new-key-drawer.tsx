import { useState } from "react";
import * as z from "zod";
import { createKey } from "#core/contracts/api/keys.ts";
import { useApiChange } from "../api/queries.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { useProject } from "../shell/project-context.ts";
import { Drawer } from "../ui/drawer.tsx";
import { Once } from "./once.tsx";

const { name, record, route, onDisconnect } = createKey.body.shape;
/** The name first. */
const formSchema = z.strictObject({ name, record, route, onDisconnect });

/** Makes a virtual key, and shows its text once. A second click makes no second key. */
export function NewKeyDrawer({ onClose }: { readonly onClose: () => void }) {
  const { projectId } = useProject();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createKey", ["listKeys"]);
  return (
    <Drawer title="Make a key" onClose={onClose}>
      {change.data === undefined ? (
        <SchemaForm
          schema={formSchema}
          submit="Make the key"
          busy={change.isPending}
          failure={change.error?.failure ?? null}
          onSubmit={(body) => change.mutate({ params: { projectId }, query: {}, body, idempotencyKey })}
        />
      ) : (
        <Once text={change.data.key} onDone={onClose} />
      )}
    </Drawer>
  );
}
