import { useState } from "react";
import { createApiKey, type ApiKey } from "#core/contracts/api/api-keys.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { useProject } from "../shell/project-context.ts";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";
import { Once } from "./once.tsx";

/** Keys of the control API for this project. Only the admin key may see them: to others the panel does not exist. */
export function ApiKeysPanel() {
  const { projectId } = useProject();
  const nowMs = useNowMs();
  const [making, setMaking] = useState(false);
  const list = useApi("listApiKeys", { params: { projectId }, query: { limit: 100 } });
  const revoke = useApiChange("revokeApiKey", ["listApiKeys"]);
  if (list.error?.failure.status === 403) return null;
  const columns: readonly Column<ApiKey>[] = [
    {
      key: "name",
      title: "Key",
      renderCell: ({ name, keyId }) => (
        <>
          {name} <span className="mono faint">{keyId.slice(0, 8)}…</span>
        </>
      ),
    },
    { key: "scopes", title: "May", renderCell: ({ scopes }) => scopes.join(", ") },
    { key: "created", title: "Made", isLess: true, renderCell: ({ createdAtMs }) => <Instant atMs={createdAtMs} nowMs={nowMs} /> },
    {
      key: "action",
      title: "",
      align: "end",
      renderCell: ({ keyId, revokedAtMs }) =>
        revokedAtMs !== null ? (
          <span className="badge badge-error">revoked</span>
        ) : (
          <ConfirmButton
            label="Revoke"
            isDangerous
            question="Refused for good?"
            busy={revoke.isPending}
            onConfirm={() => revoke.mutate({ params: { projectId, keyId }, query: {} })}
          />
        ),
    },
  ];
  return (
    <Panel
      title="Keys of the control API"
      className="panel-below"
      tools={
        <button type="button" className="button" onClick={() => setMaking(true)}>
          Make an API key
        </button>
      }
    >
      <DataTable
        label="API keys"
        columns={columns}
        rows={list.data?.apiKeys ?? null}
        keyOf={({ keyId }) => keyId}
        empty="No API keys yet. Scripts and dashboards of one project read and write with one."
      />
      {making && <NewApiKeyDrawer onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function NewApiKeyDrawer({ onClose }: { readonly onClose: () => void }) {
  const { projectId } = useProject();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createApiKey", ["listApiKeys"]);
  return (
    <Drawer title="Make an API key" onClose={onClose}>
      {change.data === undefined ? (
        <SchemaForm
          schema={createApiKey.body}
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
