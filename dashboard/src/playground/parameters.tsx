import { useId } from "react";
import type { Draft, DraftFault } from "./draft.ts";

interface ParametersProps {
  readonly draft: Draft;
  readonly faults: readonly DraftFault[];
  readonly onChange: (changes: Partial<Draft>) => void;
}

const numbers = [
  { field: "temperature", label: "Temperature" },
  { field: "topP", label: "Top P" },
  { field: "maxTokens", label: "Max tokens" },
] as const;

/** How the answer is made; what is left empty is left to the provider. */
export function Parameters({ draft, faults, onChange }: ParametersProps) {
  const id = useId();
  const faultOf = (field: DraftFault["field"]) => faults.find((fault) => fault.field === field)?.message ?? "";
  return (
    <div className="parameters">
      {numbers.map(({ field, label }) => (
        <div className="field" key={field}>
          <label htmlFor={id + field}>{label}</label>
          <input
            id={id + field}
            inputMode="decimal"
            placeholder="default"
            autoComplete="off"
            aria-invalid={faultOf(field) !== ""}
            value={draft[field]}
            onChange={(event) => onChange({ [field]: event.target.value })}
          />
          {faultOf(field) !== "" && (
            <span className="field-fault" role="alert">
              {faultOf(field)}
            </span>
          )}
        </div>
      ))}
      <details className="field other-fields" open={draft.otherFields !== "" || undefined}>
        <summary>Other fields</summary>
        <textarea
          aria-label="Other fields as JSON"
          className="mono"
          rows={4}
          spellCheck={false}
          placeholder={'{ "tools": [ … ], "response_format": { … } }'}
          aria-invalid={faultOf("otherFields") !== ""}
          value={draft.otherFields}
          onChange={(event) => onChange({ otherFields: event.target.value })}
        />
        {faultOf("otherFields") !== "" && (
          <span className="field-fault" role="alert">
            {faultOf("otherFields")}
          </span>
        )}
      </details>
    </div>
  );
}
