import type { Dependency } from "#core/contracts/api/dependencies.ts";
import type { EndpointOutput } from "#core/contracts/api/endpoints.ts";
import { useApi } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { formatBytes, formatCount, formatDuration } from "../format/numbers.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";
import { Verdict } from "./verdict.tsx";
import "./operations.css";

type Region = EndpointOutput<"getIngestion">["regions"][number];

/** Whether anything that was accepted is lost, late or stuck, region by region, and whether every store answers. */
export function IngestionPage() {
  const { projectId } = useProject();
  const ingestion = useApi("getIngestion", { params: {}, query: {} }, { refetchMs: 5_000 });
  const stores = useApi("getDependencies", { params: {}, query: {} }, { refetchMs: 15_000 });
  if (ingestion.error !== null && ingestion.data === undefined)
    return <FailureNotice failure={ingestion.error.failure} onRetry={() => void ingestion.refetch()} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Ingestion</h1>
        {ingestion.data !== undefined && <Verdict verdict={ingestion.data.verdict} />}
        <div className="page-actions">
          <Link className="button" href={pagePath(projectId, "deadLetters")}>
            Dead letters
          </Link>
        </div>
      </div>
      {ingestion.data?.reasons.map((reason) => (
        <p key={reason} className="banner banner-error">
          {reason}
        </p>
      ))}
      <div className="region-cards">
        {ingestion.data?.regions.map((region) => (
          <RegionCard key={region.region} facts={region} />
        ))}
      </div>
      <Panel title="Stores" className="panel-below">
        <Stores dependencies={stores.data?.dependencies ?? null} />
      </Panel>
    </div>
  );
}

function RegionCard({ facts }: { readonly facts: Region }) {
  const nowMs = useNowMs();
  const statuses = facts.buffers.flatMap(({ status }) => (status === null ? [] : [status]));
  const sum = (valueOf: (status: (typeof statuses)[number]) => number) =>
    formatCount(statuses.reduce((total, status) => total + valueOf(status), 0));
  const newest = facts.clickhouse.status === "up" ? facts.clickhouse.newestReceivedAtMs : null;
  const rows = [
    ["Behind what was accepted", facts.lagMs === null ? "not known" : formatDuration(facts.lagMs)],
    [
      "Newest stored",
      newest === null ? (
        facts.clickhouse.status === "up" ? (
          "none in a day"
        ) : (
          facts.clickhouse.status.replace("_", " ")
        )
      ) : (
        <Instant atMs={newest} nowMs={nowMs} />
      ),
    ],
    ["Events accepted", sum(({ acceptedEvents }) => acceptedEvents)],
    [
      "Events in the buffer",
      `${sum(({ unsealedEvents }) => unsealedEvents)} (${formatBytes(statuses.reduce((total, { unsealedBytes }) => total + unsealedBytes, 0))})`,
    ],
    ["Objects under way", sum(({ unacknowledgedObjects }) => unacknowledgedObjects)],
    [
      "Waiting beside the buffer",
      facts.waiting === null ? "not known" : `${facts.waiting.isComplete ? "" : "≥ "}${formatCount(facts.waiting.objects)}`,
    ],
    [
      "Open dead letters",
      facts.deadLetters === null ? "not known" : `${facts.deadLetters.isComplete ? "" : "≥ "}${formatCount(facts.deadLetters.open)}`,
    ],
    ["Spans lost since yesterday", facts.lost === null ? "not known" : formatCount(facts.lost.spans)],
  ] as const;
  return (
    <Panel title={facts.region} tools={<Verdict verdict={facts.verdict} />}>
      {facts.reasons.map((reason) => (
        <p key={reason} className="error-text">
          {reason}
        </p>
      ))}
      <dl className="fact-rows">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const storeStates = { up: "ok", down: "error", not_configured: "none" } as const;

function Stores({ dependencies }: { readonly dependencies: readonly Dependency[] | null }) {
  const columns: readonly Column<Dependency>[] = [
    { key: "store", title: "Store", renderCell: ({ store }) => store },
    { key: "region", title: "Region", renderCell: ({ region }) => region ?? "all" },
    {
      key: "status",
      title: "State",
      renderCell: ({ status }) => (
        <span className={`status status-${storeStates[status]}`}>
          <span className="status-dot" aria-hidden="true" />
          {status.replace("_", " ")}
        </span>
      ),
    },
    { key: "latency", title: "Answered in", align: "end", renderCell: ({ latencyMs }) => formatDuration(latencyMs) },
    { key: "error", title: "Error", isLess: true, renderCell: ({ error }) => <span className="mono">{error}</span> },
  ];
  return (
    <DataTable
      label="Stores"
      columns={columns}
      rows={dependencies}
      keyOf={({ store, region }) => `${store} ${region}`}
      empty="No stores."
    />
  );
}
