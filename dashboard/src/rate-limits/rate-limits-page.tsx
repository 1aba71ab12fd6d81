import { useState } from "react";
import type { RateLimitAnswer } from "#core/contracts/api/rate-limits.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApi } from "../api/queries.ts";
import { useNowMs } from "../api/use-poll.ts";
import { formatMetric } from "../format/metric.ts";
import { sayWhose } from "../limits/say-limit.ts";
import { SelectorBadges } from "../limits/selector-badges.tsx";
import { useCountedName } from "../limits/use-counted-name.ts";
import { OfOrganization } from "../shell/of-organization.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Instant } from "../ui/instant.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { NewRateLimitDrawer, RateLimitDrawer } from "./rate-limit-drawer.tsx";
import { measures } from "./rate-limit-form.ts";

/** How fast the organization may call. */
export function RateLimitsPage() {
  return <OfOrganization>{(organizationId) => <RateLimits organizationId={organizationId} />}</OfOrganization>;
}

type Open = { readonly kind: "new" } | { readonly kind: "limit"; readonly limit: RateLimitAnswer } | null;

function RateLimits({ organizationId }: { readonly organizationId: OrganizationId }) {
  const [open, setOpen] = useState<Open>(null);
  const nowMs = useNowMs();
  const nameOf = useCountedName();
  const { data, error, refetch } = useApi("listRateLimits", { params: { organizationId }, query: { limit: 100 } });
  if (error !== null && data === undefined) return <FailureNotice failure={error.failure} onRetry={() => void refetch()} />;
  const columns: readonly Column<RateLimitAnswer>[] = [
    {
      key: "name",
      title: "Limit",
      renderCell: (limit) => (
        <button type="button" className="row-link row-button" onClick={() => setOpen({ kind: "limit", limit })}>
          {limit.name}
        </button>
      ),
    },
    {
      key: "whose",
      title: "Counted",
      isLess: true,
      renderCell: ({ subject }) => <span className="breakable">{sayWhose(subject, nameOf)}</span>,
    },
    {
      key: "calls",
      title: "Calls",
      isLess: true,
      renderCell: ({ selector }) => (
        <span className="badges">
          <SelectorBadges selector={selector} />
        </span>
      ),
    },
    {
      key: "limit",
      title: "At most",
      align: "end",
      renderCell: ({ limit, measure }) => `${formatMetric("count", limit)} ${measures[measure]}`,
    },
    {
      key: "burst",
      title: "At once",
      align: "end",
      isLess: true,
      renderCell: ({ burst, measure }) =>
        measure === "concurrent" ? "–" : burst === undefined ? "all of it" : formatMetric("count", burst),
    },
    {
      key: "created",
      title: "Made",
      align: "end",
      isLess: true,
      renderCell: ({ createdAtMs }) => <Instant atMs={createdAtMs} nowMs={nowMs} />,
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Rate limits</h1>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setOpen({ kind: "new" })}>
            <PlusIcon />
            Set a rate limit
          </button>
        </div>
      </div>
      <div className="panel">
        <DataTable
          label="Rate limits"
          columns={columns}
          rows={data?.rateLimits ?? null}
          keyOf={({ limitId }) => limitId}
          empty="No limit yet: calls come as fast as they like. One for users, each by itself, holds also for users who are seen for the first time."
        />
      </div>
      {open?.kind === "new" && <NewRateLimitDrawer organizationId={organizationId} onClose={() => setOpen(null)} />}
      {open?.kind === "limit" && <RateLimitDrawer organizationId={organizationId} limit={open.limit} onClose={() => setOpen(null)} />}
    </div>
  );
}
