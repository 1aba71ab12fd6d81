import { useState } from "react";
import * as z from "zod";
import type { OrganizationId } from "#core/contracts/id.ts";
import { providerNameSchema, putCredential, type Credential, type PriceOverride } from "#core/contracts/api/providers.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { formatDollars } from "../format/metric.ts";
import { OfOrganization } from "../shell/of-organization.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";

/** With which keys the organization calls its providers, and what models cost it. */
export function ProvidersPage() {
  return <OfOrganization>{(organizationId) => <Providers organizationId={organizationId} />}</OfOrganization>;
}

function Providers({ organizationId }: { readonly organizationId: OrganizationId }) {
  const [adding, setAdding] = useState(false);
  const list = useApi("listCredentials", { params: { organizationId }, query: { limit: 100 } });
  if (list.error !== null && list.data === undefined)
    return <FailureNotice failure={list.error.failure} onRetry={() => void list.refetch()} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Providers</h1>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setAdding(true)}>
            <PlusIcon />
            Store a credential
          </button>
        </div>
      </div>
      <Panel title="Credentials of the organization">
        <Credentials organizationId={organizationId} credentials={list.data?.credentials ?? null} />
      </Panel>
      <Prices organizationId={organizationId} />
      {adding && <CredentialDrawer organizationId={organizationId} onClose={() => setAdding(false)} />}
    </div>
  );
}

interface CredentialsProps {
  readonly organizationId: OrganizationId;
  readonly credentials: readonly Credential[] | null;
}

function Credentials({ organizationId, credentials }: CredentialsProps) {
  const nowMs = useNowMs();
  const forget = useApiChange("deleteCredential", ["listCredentials"]);
  const columns: readonly Column<Credential>[] = [
    { key: "provider", title: "Provider", renderCell: ({ provider }) => provider },
    { key: "url", title: "Address", renderCell: ({ baseUrl }) => baseUrl ?? <span className="faint">the provider’s own</span> },
    { key: "key", title: "Key", isLess: true, renderCell: () => <span className="muted">stored, encrypted</span> },
    { key: "updated", title: "Stored", isLess: true, renderCell: ({ updatedAtMs }) => <Instant atMs={updatedAtMs} nowMs={nowMs} /> },
    {
      key: "action",
      title: "",
      align: "end",
      renderCell: ({ provider }) => (
        <ConfirmButton
          label="Forget"
          isDangerous
          question="Calls fall back to the deployment’s key, if any. Forget?"
          busy={forget.isPending}
          onConfirm={() => forget.mutate({ params: { organizationId, provider }, query: {} })}
        />
      ),
    },
  ];
  return (
    <DataTable
      label="Credentials"
      columns={columns}
      rows={credentials}
      keyOf={({ provider }) => provider}
      empty="No credentials are stored. Calls go out with the keys of the deployment, or to the simulator."
    />
  );
}

const credentialSchema = z.strictObject({ provider: providerNameSchema, ...putCredential.body.shape });
const secretFields = ["apiKey"];

function CredentialDrawer({ organizationId, onClose }: { readonly organizationId: OrganizationId; readonly onClose: () => void }) {
  const change = useApiChange("putCredential", ["listCredentials"]);
  return (
    <Drawer title="Store a credential" onClose={onClose}>
      <SchemaForm
        schema={credentialSchema}
        secret={secretFields}
        submit="Store"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={({ provider, ...body }) =>
          change.mutate({ params: { organizationId, provider }, query: {}, body }, { onSuccess: onClose })
        }
      />
    </Drawer>
  );
}

/** Rates are nano-dollars for 1,000 tokens; people think in dollars for a million. */
const millionDollars = (nanoUsdPerThousand: number | undefined) =>
  nanoUsdPerThousand === undefined ? "–" : formatDollars(nanoUsdPerThousand / 1e6);

function Prices({ organizationId }: { readonly organizationId: OrganizationId }) {
  const { data } = useApi("listPriceOverrides", { params: { organizationId }, query: { limit: 100 } });
  const drop = useApiChange("deletePriceOverride", ["listPriceOverrides"]);
  const columns: readonly Column<PriceOverride>[] = [
    {
      key: "model",
      title: "Model",
      renderCell: ({ provider, model }) => (
        <span className="wrapped">
          {provider}/<wbr />
          {model}
        </span>
      ),
    },
    {
      key: "rates",
      title: "In / out, 1 M tokens",
      align: "end",
      renderCell: ({ ratesNanoUsdPerThousand: { inputTokens, outputTokens } }) =>
        `${millionDollars(inputTokens)} / ${millionDollars(outputTokens)}`,
    },
    {
      key: "action",
      title: "",
      align: "end",
      renderCell: ({ provider, model }) => (
        <ConfirmButton
          label="Remove"
          question="It costs again what the price list says. Remove?"
          busy={drop.isPending}
          onConfirm={() => drop.mutate({ params: { organizationId, provider }, query: { model } })}
        />
      ),
    },
  ];
  return (
    <Panel title="Own prices" className="panel-below">
      <DataTable
        label="Own prices"
        columns={columns}
        rows={data?.priceOverrides ?? null}
        keyOf={({ provider, model }) => `${provider}/${model}`}
        empty="Every model costs what the public price list says."
      />
    </Panel>
  );
}
