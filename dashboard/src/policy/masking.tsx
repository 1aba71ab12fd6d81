import { useId } from "react";
import { CloseIcon, PlusIcon } from "../ui/icons.tsx";
import { Panel } from "../ui/panel.tsx";
import { detectors, type PolicyDraft } from "./policy-draft.ts";

export interface PolicyPartProps {
  readonly draft: PolicyDraft;
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (changes: Partial<PolicyDraft>) => void;
}

const detectorNames = {
  email: "Email addresses",
  phone: "Phone numbers",
  "credit-card": "Credit cards",
  iban: "IBANs",
  "ip-address": "IP addresses",
  secret: "Keys and passwords",
} as const satisfies Readonly<Record<(typeof detectors)[number], string>>;

/** What is put in the place of a text before anything is stored. */
export function Masking({ draft, faults, onChange }: PolicyPartProps) {
  const id = useId();
  const { patterns } = draft;
  const toggle = (detector: (typeof detectors)[number]) =>
    onChange({
      detectors: draft.detectors.includes(detector) ? draft.detectors.filter((each) => each !== detector) : [...draft.detectors, detector],
    });
  return (
    <Panel title="Masking">
      <p className="muted">
        Replaced in every call and event as it comes in, before anything is stored. What was stored before stays as it is.
      </p>
      <fieldset className="field">
        <legend>Found automatically</legend>
        <div className="checks">
          {detectors.map((detector) => (
            <label key={detector} className="check">
              <input type="checkbox" checked={draft.detectors.includes(detector)} onChange={() => toggle(detector)} />
              {detectorNames[detector]}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}fields`}>Values of JSON fields</label>
        <textarea
          id={`${id}fields`}
          rows={3}
          placeholder={"password\nsocialSecurityNumber"}
          spellCheck={false}
          aria-invalid={faults["fields"] !== undefined}
          aria-describedby={`${id}fields-hint`}
          value={draft.fields}
          onChange={(event) => onChange({ fields: event.target.value })}
        />
        <span id={`${id}fields-hint`} className="field-hint">
          One name a line; at any depth, in capitals or not.
        </span>
        <Fault text={faults["fields"]} />
      </div>
      <fieldset className="field">
        <legend>Patterns</legend>
        <ul className="patterns">
          {patterns.map(({ id: patternId, name, pattern }, at) => {
            const set = (changes: object) =>
              onChange({ patterns: patterns.map((each) => (each.id === patternId ? { ...each, ...changes } : each)) });
            return (
              <li key={patternId}>
                <input
                  aria-label={`Name of pattern ${at + 1}`}
                  placeholder="employee"
                  spellCheck={false}
                  aria-invalid={faults[`${patternId} name`] !== undefined}
                  value={name}
                  onChange={(event) => set({ name: event.target.value })}
                />
                <input
                  aria-label={`Pattern ${at + 1}`}
                  className="mono"
                  placeholder="EMP-\d{6}"
                  spellCheck={false}
                  aria-invalid={faults[`${patternId} pattern`] !== undefined}
                  value={pattern}
                  onChange={(event) => set({ pattern: event.target.value })}
                />
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Remove pattern ${at + 1}`}
                  onClick={() => onChange({ patterns: patterns.filter((each) => each.id !== patternId) })}
                >
                  <CloseIcon />
                </button>
                <Fault text={faults[`${patternId} name`]} />
                <Fault text={faults[`${patternId} pattern`]} />
              </li>
            );
          })}
        </ul>
        <span className="field-hint">A regular expression in RE2’s syntax; what it matches becomes [name].</span>
        <button
          type="button"
          className="button"
          onClick={() => onChange({ patterns: [...patterns, { id: crypto.randomUUID(), name: "", pattern: "" }] })}
        >
          <PlusIcon />
          Add a pattern
        </button>
      </fieldset>
    </Panel>
  );
}

/** What is wrong with a field, where something is. */
export function Fault({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <span className="field-fault" role="alert">
      {text.replaceAll("`", "")}
    </span>
  );
}
