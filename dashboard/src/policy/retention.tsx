import { useId } from "react";
import { Panel } from "../ui/panel.tsx";
import { Fault, type PolicyPartProps } from "./masking.tsx";

const rows = [
  { field: "payloadDays", label: "Inputs, outputs and all other text" },
  { field: "spanDays", label: "Spans and scores with their figures" },
] as const;

/** How long what is recorded is kept. */
export function Retention({ draft, faults, onChange }: PolicyPartProps) {
  const id = useId();
  return (
    <Panel title="Retention">
      <p className="muted">Days after their start, in every store. What is older is removed for good; nothing brings it back.</p>
      <div className="retention">
        {rows.map(({ field, label }) => (
          <div className="field" key={field}>
            <label htmlFor={id + field}>{label}</label>
            <span className="days">
              <input
                id={id + field}
                inputMode="numeric"
                placeholder="for ever"
                autoComplete="off"
                aria-invalid={faults[field] !== undefined}
                value={draft[field]}
                onChange={(event) => onChange({ [field]: event.target.value })}
              />
              days
            </span>
            <Fault text={faults[field]?.replace("`spanDays`", "spans and scores are kept")} />
          </div>
        ))}
      </div>
    </Panel>
  );
}
