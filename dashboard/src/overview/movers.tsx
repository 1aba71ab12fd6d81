import type { MetricsAnswer } from "#core/contracts/api/metrics.ts";
import { formatDollars, numberOf } from "../format/metric.ts";
import { writeFilter } from "../filter/conditions.ts";
import { writeRange, type Bounds } from "../range/time-range.ts";
import { useRange } from "../range/use-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { Change } from "../ui/change.tsx";
import { Panel } from "../ui/panel.tsx";
import { useGroupName } from "./use-group-name.ts";
import { useMetrics } from "./use-metrics.ts";

const shownMovers = 6;

interface Mover {
  readonly keyId: string;
  readonly model: string;
  /** Dollars, and those of the period before. */
  readonly now: number;
  readonly before: number;
}

/** Which key with which model came to cost more or less than in the period before, the largest change first. */
export function Movers({ bounds }: { readonly bounds: Bounds }) {
  const { projectId } = useProject();
  const { range } = useRange();
  const nameOf = useGroupName("keyId");
  const { data } = useMetrics(bounds, {
    metrics: "costNanoUsd",
    groupBy: "keyId,modelRequested",
    groupLimit: 50,
    interval: "none",
    compare: "previous",
  });
  const movers = moversOf(data?.groups ?? []);
  const tracesOf = ({ keyId, model }: Mover) => {
    const filter = writeFilter([
      { field: "keyId", operator: "eq", value: keyId },
      { field: "modelRequested", operator: "eq", value: model },
    ]);
    return `${pagePath(projectId, "traces")}?${new URLSearchParams({ range: writeRange(range), filter }).toString()}`;
  };
  return (
    <Panel title="Top movers">
      {data !== undefined && movers.length === 0 && <p className="muted">Nothing costs more or less than before.</p>}
      <ol className="movers">
        {movers.map((mover) => (
          <li key={`${mover.keyId} ${mover.model}`}>
            <Link href={tracesOf(mover)} className="mover">
              <span className="mover-name">
                <strong>{nameOf(mover.keyId)}</strong>
                <span className="muted">{mover.model || "no model"}</span>
              </span>
              <span className="mover-amount">
                <span>{signedDollars(mover.now - mover.before)}</span>
                <Change now={mover.now} before={mover.before} betterIs="lower" />
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function moversOf(groups: MetricsAnswer["groups"]): readonly Mover[] {
  return groups
    .flatMap(({ key, totals, previous }): readonly Mover[] => {
      const now = numberOf("nanoUsd", totals.costNanoUsd) ?? 0;
      const before = numberOf("nanoUsd", previous?.totals.costNanoUsd) ?? 0;
      return key === null || now === before ? [] : [{ keyId: key[0] ?? "", model: key[1] ?? "", now, before }];
    })
    .sort((one, other) => Math.abs(other.now - other.before) - Math.abs(one.now - one.before))
    .slice(0, shownMovers);
}

function signedDollars(amount: number): string {
  return `${amount < 0 ? "−" : "+"}${formatDollars(Math.abs(amount))}`;
}
