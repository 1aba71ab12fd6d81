import { useState } from "react";
import * as z from "zod";
import { createKey, type VirtualKey } from "#core/contracts/api/keys.ts";
import { useApiChange } from "../api/queries.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { formatInstant } from "../format/time.ts";
import { useProject } from "../shell/project-context.ts";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { useToast } from "../ui/toast.tsx";
import { Once } from "./once.tsx";

const { name, record, route, onDisconnect } = createKey.body.shape;
const formSchema = z.strictObject({ name, record, route, onDisconnect });

interface KeyDrawerProps {
  readonly virtualKey: VirtualKey;
  readonly onClose: () => void;
}

/** A virtual key: what holds for its calls, a new text, its end. */
export function KeyDrawer({ virtualKey, onClose }: KeyDrawerProps) {
  const { projectId } = useProject();
  const say = useToast();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const params = { projectId, keyId: virtualKey.keyId };
  const update = useApiChange("updateKey", ["listKeys"]);
  const rotate = useApiChange("rotateKey", ["listKeys"]);
  const revoke = useApiChange("revokeKey", ["listKeys"]);
  const isRevoked = virtualKey.revokedAtMs !== null;
  const failure = rotate.error?.failure ?? revoke.error?.failure ?? null;
  return (
    <Drawer title={virtualKey.name} onClose={onClose}>
      {rotate.data !== undefined ? (
        <Once text={rotate.data.key} onDone={onClose} />
      ) : (
        <>
          <p className="muted">
            <span className="mono">{virtualKey.keyId}</span> <CopyButton text={virtualKey.keyId} what="key id" />
            <br />
            {isRevoked ? `Revoked ${formatInstant(virtualKey.revokedAtMs ?? 0)}` : `Made ${formatInstant(virtualKey.createdAtMs)}`}
          </p>
          {!isRevoked && (
            <>
              <SchemaForm
                schema={formSchema}
                held={{ ...virtualKey }}
                submit="Save"
                busy={update.isPending}
                failure={update.error?.failure ?? null}
                onSubmit={(body) =>
                  update.mutate(
                    { params, query: {}, body },
                    {
                      onSuccess: () => {
                        say("ok", "Saved. Every region knows it within 5 seconds.");
                        onClose();
                      },
                    },
                  )
                }
              />
              <hr />
              <div className="actions">
                <ConfirmButton
                  label="Rotate"
                  question="The present text stops working within 5 seconds. Rotate?"
                  busy={rotate.isPending}
                  onConfirm={() => rotate.mutate({ params, query: {}, idempotencyKey })}
                />
                <ConfirmButton
                  label="Revoke"
                  isDangerous
                  question="Calls with this key are refused for good. Revoke?"
                  busy={revoke.isPending}
                  onConfirm={() =>
                    revoke.mutate(
                      { params, query: {} },
                      {
                        onSuccess: () => {
                          say("ok", `${virtualKey.name} is revoked.`);
                          onClose();
                        },
                      },
                    )
                  }
                />
              </div>
              {failure !== null && (
                <p className="field-fault" role="alert">
                  {failure.message}
                </p>
              )}
            </>
          )}
        </>
      )}
    </Drawer>
  );
}
