import { type ReactNode } from "react";
import { useNowMs } from "../api/use-poll.ts";
import { formatMetric, numberOf } from "../format/metric.ts";
import { formatCount } from "../format/numbers.ts";
import { setSearch, useSearch } from "../router.tsx";
import { CostText } from "../ui/cost.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { Instant } from "../ui/instant.tsx";
import { Select } from "../ui/select.tsx";

/** What sessions and users have in common. */
export interface ActorTotals {
  readonly firstStartedAtMs: number;
  readonly lastStartedAtMs: number;
  readonly traces: number;
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: string;
  readonly costIncomplete: boolean;
}

export const actorSorts = {
  lastStartedAt: "Latest first",
  costNanoUsd: "Dearest first",
  requests: "Most requests first",
  totalTokens: "Most tokens first",
} as const;
export type ActorSort = keyof typeof actorSorts;
const sortNames = ["lastStartedAt", "costNanoUsd", "requests", "totalTokens"] as const satisfies readonly ActorSort[];

export function useActorSort(): ActorSort {
  const text = new URLSearchParams(useSearch()).get("sort");
  return sortNames.find((name) => name === text) ?? "lastStartedAt";
}

interface ActorListProps<Row extends ActorTotals> {
  readonly title: string;
  readonly first: Column<Row>;
  /** After the common columns. */
  readonly last: Column<Row>;
  readonly rows: readonly Row[] | null;
  readonly keyOf: (row: Row) => string;
  readonly empty: ReactNode;
  readonly isCut: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

export function ActorList<Row extends ActorTotals>({
  title,
  first,
  last,
  rows,
  keyOf,
  empty,
  isCut,
  loading,
  onMore,
}: ActorListProps<Row>) {
  const sort = useActorSort();
  const nowMs = useNowMs();
  const columns: readonly Column<Row>[] = [
    first,
    { key: "last", title: "Last call", renderCell: ({ lastStartedAtMs }) => <Instant atMs={lastStartedAtMs} nowMs={nowMs} /> },
    {
      key: "cost",
      title: "Cost",
      align: "end",
      renderCell: ({ costNanoUsd, costIncomplete }) => (
        <span title={costIncomplete ? "Some spans have no known price: the sum is at least this" : undefined}>
          {costIncomplete && "≥ "}
          {formatMetric("nanoUsd", numberOf("nanoUsd", costNanoUsd))}
        </span>
      ),
    },
    { key: "traces", title: "Traces", align: "end", renderCell: ({ traces }) => formatCount(traces) },
    { key: "requests", title: "Requests", align: "end", isLess: true, renderCell: ({ requests }) => formatCount(requests) },
    {
      key: "errors",
      title: "Errors",
      align: "end",
      renderCell: ({ errors }) => <span className={errors === 0 ? "faint" : "error-text"}>{formatCount(errors)}</span>,
    },
    {
      key: "tokens",
      title: "Tokens",
      align: "end",
      isLess: true,
      renderCell: ({ inputTokens, outputTokens }) => formatMetric("tokens", inputTokens + outputTokens),
    },
    last,
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        <div className="page-actions">
          <Select
            label="Order"
            value={sort}
            options={sortNames.map((name) => [name, actorSorts[name]] as const)}
            onChange={(value) => setSearch({ sort: value === "lastStartedAt" ? null : value })}
          />
        </div>
      </div>
      <div className="panel">
        <DataTable label={title} columns={columns} rows={rows} keyOf={keyOf} empty={empty} />
      </div>
      {isCut && (
        <div className="list-end">
          <button type="button" className="button" disabled={loading} onClick={onMore}>
            {loading ? "Loading…" : "Load more"}
          </button>
        </div>
      )}
    </div>
  );
}

interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Totals of a session or a user, as the head of its page. */
export function ActorTotalsList({ totals, extra }: { readonly totals: ActorTotals; readonly extra: Fact }) {
  const nowMs = useNowMs();
  const facts: readonly Fact[] = [
    { name: "Traces", value: formatCount(totals.traces) },
    { name: "Requests", value: formatCount(totals.requests) },
    { name: "Errors", value: <span className={totals.errors === 0 ? undefined : "error-text"}>{formatCount(totals.errors)}</span> },
    { name: "Tokens", value: `${formatMetric("tokens", totals.inputTokens)} in · ${formatMetric("tokens", totals.outputTokens)} out` },
    { name: "Cost", value: <CostText nanoUsd={totals.costNanoUsd} incomplete={totals.costIncomplete} /> },
    { name: "First call", value: <Instant atMs={totals.firstStartedAtMs} nowMs={nowMs} /> },
    { name: "Last call", value: <Instant atMs={totals.lastStartedAtMs} nowMs={nowMs} /> },
    extra,
  ];
  return (
    <dl className="totals">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
