import type { BudgetAnswer, BudgetState } from "#core/contracts/api/budgets.ts";
import { formatMoment } from "../range/format-range.ts";
import { usd } from "./say-budget.ts";
import { sayOutlook } from "./say-outlook.ts";

interface BudgetStateViewProps {
  readonly budget: BudgetAnswer;
  readonly state: BudgetState;
  readonly counted: string;
}

/** What of a budget is spent, reserved by calls under way, in hand of each region, and left, of one that it counts. */
export function BudgetStateView({ budget, state, counted }: BudgetStateViewProps) {
  const { limitNanoUsd, spentNanoUsd, reservedNanoUsd, leftNanoUsd, regions } = state;
  const said = `${usd(spentNanoUsd)} of ${usd(limitNanoUsd)} spent`;
  const inHandNanoUsd = Math.max(
    0,
    Math.min(
      leftNanoUsd,
      regions.reduce((sum, region) => sum + region.inHandNanoUsd, 0),
    ),
  );
  return (
    <li>
      <div className="budget-line">
        <span className="breakable">{counted}</span>
        <strong>{said}</strong>
      </div>
      <BudgetBar
        label={`${said}, ${usd(reservedNanoUsd)} reserved`}
        limitNanoUsd={limitNanoUsd}
        parts={{ spent: spentNanoUsd, reserved: reservedNanoUsd, hand: inHandNanoUsd }}
        thresholds={budget.alertThresholds}
      />
      <div className="budget-line muted">
        <span className="budget-legend">
          <span className="budget-key budget-reserved">{usd(reservedNanoUsd)} reserved by calls under way</span>
          <span className="budget-key budget-hand">{usd(inHandNanoUsd)} in hand of regions</span>
          <span className="budget-key">{usd(leftNanoUsd)} left</span>
        </span>
        <span>{sayEnd(budget, state)}</span>
      </div>
      <p className="budget-outlook">{sayOutlook(state)}</p>
      {regions.length > 0 && (
        <ul className="budget-regions" aria-label={`${counted} by region`}>
          {regions.map((region) => (
            <RegionLine key={region.region} region={region} limitNanoUsd={limitNanoUsd} />
          ))}
        </ul>
      )}
    </li>
  );
}

function RegionLine({ region, limitNanoUsd }: { readonly region: BudgetState["regions"][number]; readonly limitNanoUsd: number }) {
  const { region: name, spentNanoUsd, reservedNanoUsd, inHandNanoUsd, limitNanoUsd: own } = region;
  return (
    <li>
      <span className="budget-region-name">{name}</span>
      <BudgetBar
        label={`${name}: ${usd(spentNanoUsd)} spent`}
        limitNanoUsd={own ?? limitNanoUsd}
        parts={{ spent: spentNanoUsd, reserved: reservedNanoUsd, hand: inHandNanoUsd }}
        thresholds={[]}
      />
      <span className="muted">
        {usd(spentNanoUsd)} spent, {usd(inHandNanoUsd)} in hand{own !== null && `, at most ${usd(own)}`}
      </span>
    </li>
  );
}

interface BudgetBarProps {
  readonly label: string;
  readonly limitNanoUsd: number;
  readonly parts: { readonly spent: number; readonly reserved: number; readonly hand: number };
  readonly thresholds: readonly number[];
}

function BudgetBar({ label, limitNanoUsd, parts, thresholds }: BudgetBarProps) {
  const percent = (nanoUsd: number) => `${Math.min(100, (100 * nanoUsd) / Math.max(1, limitNanoUsd))}%`;
  return (
    <div className="budget-bar" role="img" aria-label={label}>
      <span className={`budget-spent ${toneOf(parts.spent, limitNanoUsd, thresholds)}`} style={{ inlineSize: percent(parts.spent) }} />
      <span className="budget-reserved" style={{ inlineSize: percent(parts.reserved) }} />
      <span className="budget-hand" style={{ inlineSize: percent(parts.hand) }} />
      {thresholds
        .filter((part) => part < 1)
        .map((part) => (
          <span key={part} className="budget-tick" style={{ insetInlineStart: `${100 * part}%` }} />
        ))}
    </div>
  );
}

/** Red where all is spent; amber past the last alert before that. */
function toneOf(spentNanoUsd: number, limitNanoUsd: number, thresholds: readonly number[]): string {
  if (spentNanoUsd >= limitNanoUsd) return "budget-over";
  const last = Math.max(0, ...thresholds.filter((part) => part < 1));
  return last > 0 && spentNanoUsd >= last * limitNanoUsd ? "budget-warned" : "";
}

function sayEnd({ window: kind }: BudgetAnswer, { window: span }: BudgetState): string {
  if (kind.kind === "rolling") return `of the last ${kind.count} ${kind.unit}s`;
  return span.endMs === null ? "never starts anew" : `starts anew ${formatMoment(span.endMs)}`;
}
