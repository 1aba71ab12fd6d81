import { Sparkline } from "../chart/sparkline.tsx";
import { Change } from "./change.tsx";
import "./stat.css";

interface StatProps {
  readonly title: string;
  readonly hint: string;
  /** `null`: not known yet. */
  readonly value: string | null;
  readonly change: { readonly now: number | null; readonly before: number | null; readonly betterIs: "lower" | "higher" | "neither" };
  /** The figure of the period before, as text. */
  readonly before: string;
  readonly course: readonly (number | null)[];
  readonly color: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** One figure with its change and its course; choosing it shows more of it. */
export function Stat({ title, hint, value, change, before, course, color, chosen, onChoose }: StatProps) {
  return (
    <button type="button" className="stat" aria-pressed={chosen} title={`${hint}. Before: ${before}`} onClick={onChoose}>
      <span className="stat-title">{title}</span>
      <span className="stat-row">
        {value === null ? <span className="skeleton stat-skeleton" /> : <span className="stat-value">{value}</span>}
        {value !== null && <Change {...change} />}
      </span>
      <Sparkline values={course} color={color} />
    </button>
  );
}
