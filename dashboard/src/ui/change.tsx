import { formatChange, isSame } from "../format/metric.ts";

interface ChangeProps {
  readonly now: number | null;
  readonly before: number | null;
  readonly betterIs: "lower" | "higher" | "neither";
}

/** A change against the period before: green is better, red is worse, and an arrow says which way it went. */
export function Change({ now, before, betterIs }: ChangeProps) {
  const text = formatChange(now, before);
  if (text === "") return <span className="change" />;
  const rose = (now ?? 0) > (before ?? 0);
  const same = isSame(now, before);
  const tone = betterIs === "neither" || same ? "neutral" : rose === (betterIs === "higher") ? "better" : "worse";
  return (
    <span className={`change change-${tone}`}>
      {!same && <span aria-hidden="true">{rose ? "↑" : "↓"}</span>}
      {text}
      <span className="visually-hidden">{same ? "unchanged" : rose ? "more than before" : "less than before"}</span>
    </span>
  );
}
