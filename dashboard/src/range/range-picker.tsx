import { useState, type SyntheticEvent } from "react";
import { ChevronIcon, ClockIcon } from "../ui/icons.tsx";
import { Popover } from "../ui/popover.tsx";
import { formatRange } from "./format-range.ts";
import { relativeNames, relativeRanges, type Bounds } from "./time-range.ts";
import { setRange, useRange } from "./use-range.ts";
import "./range-picker.css";

/** The time range that all figures of a page are of: one up to now, or between two moments. */
export function RangePicker() {
  const { range, bounds } = useRange();
  const label = range.kind === "relative" ? `Last ${relativeRanges[range.name].label}` : formatRange(range);
  return (
    <Popover
      className="range-picker"
      align="end"
      label={`Time range: ${label}`}
      button={
        <>
          <ClockIcon />
          <span>{label}</span>
          <ChevronIcon />
        </>
      }
    >
      {(close) => (
        <>
          <div className="menu-group">
            {relativeNames.map((name) => (
              <button
                key={name}
                type="button"
                className="menu-item"
                aria-current={range.kind === "relative" && range.name === name ? "true" : undefined}
                onClick={() => {
                  setRange({ kind: "relative", name });
                  close();
                }}
              >
                Last {relativeRanges[name].label}
              </button>
            ))}
          </div>
          <MomentsForm bounds={bounds} onDone={close} />
        </>
      )}
    </Popover>
  );
}

function MomentsForm({ bounds, onDone }: { readonly bounds: Bounds; readonly onDone: () => void }) {
  const [from, setFrom] = useState(() => localText(bounds.fromMs));
  const [to, setTo] = useState(() => localText(bounds.toMs));
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const isRange = fromMs < toMs;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isRange) return;
    setRange({ kind: "absolute", fromMs, toMs });
    onDone();
  };
  return (
    <form className="menu-group range-form" onSubmit={submit}>
      <h3>Between, in {new Intl.DateTimeFormat().resolvedOptions().timeZone}</h3>
      <label className="field">
        <span>From</span>
        <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label className="field">
        <span>To</span>
        <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      {!isRange && (
        <p className="field-fault" role="alert">
          The end must come after the start.
        </p>
      )}
      <button type="submit" className="button button-primary" disabled={!isRange}>
        Show
      </button>
    </form>
  );
}

/** As an input of this kind writes it: local time without a zone. */
function localText(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, 19);
}
