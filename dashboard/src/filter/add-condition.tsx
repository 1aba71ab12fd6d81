import { useId, useState, type SyntheticEvent } from "react";
import { useApi } from "../api/queries.ts";
import { useRange } from "../range/use-range.ts";
import { useProject } from "../shell/project-context.ts";
import { conditionSchema, type Condition } from "./conditions.ts";
import { fieldOf, filterFieldNames, filterFields, operatorsOf, readValue } from "./fields.ts";

/** Field, comparison and value; values that occur are proposed. */
export function AddCondition({ onAdd }: { readonly onAdd: (condition: Condition) => void }) {
  const { projectId } = useProject();
  const { bounds } = useRange();
  const [field, setField] = useState("modelRequested");
  const [chosenOperator, setOperator] = useState("");
  const [written, setWritten] = useState("");
  const listId = useId();
  const { type, isFacet, unit } = fieldOf(field);
  const operators = Object.entries(operatorsOf[type]);
  const operator = operators.find(([name]) => name === chosenOperator)?.[0] ?? operators[0]?.[0] ?? "eq";
  const metadata = useApi("listMetadataKeys", { params: { projectId }, query: bounds });
  const proposes = isFacet || field.startsWith("metadata.");
  const facets = useApi("listFacets", proposes ? { params: { projectId }, query: { fields: field, limit: 50, ...bounds } } : null);
  const proposed = proposes ? (facets.data?.facets.find((each) => each.field === field)?.values ?? []) : [];
  const value = type === "boolean" ? written === "true" : readValue(field, written);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const condition = conditionSchema.safeParse({ field, operator, value });
    if (value !== null && condition.success) onAdd(condition.data);
  };
  return (
    <form className="add-condition" onSubmit={submit}>
      <label className="field">
        <span>Field</span>
        <select
          value={field}
          onChange={(event) => {
            setField(event.target.value);
            setWritten("");
          }}
        >
          {filterFieldNames.map((name) => (
            <option key={name} value={name}>
              {filterFields[name].label}
            </option>
          ))}
          {(metadata.data?.keys.length ?? 0) > 0 && (
            <optgroup label="Metadata">
              {metadata.data?.keys.map(({ key }) => (
                <option key={key} value={`metadata.${key}`}>
                  {key}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <label className="field">
        <span>Comparison</span>
        <select value={operator} onChange={(event) => setOperator(event.target.value)}>
          {operators.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Value{unit === "" ? "" : `, in ${unit}`}</span>
        {type === "boolean" ? (
          <select value={written === "true" ? "true" : "false"} onChange={(event) => setWritten(event.target.value)}>
            <option value="true">yes</option>
            <option value="false">no</option>
          </select>
        ) : (
          <input
            type="text"
            inputMode={type === "number" ? "decimal" : "text"}
            list={proposed.length > 0 ? listId : undefined}
            value={written}
            maxLength={1_000}
            autoComplete="off"
            onChange={(event) => setWritten(event.target.value)}
          />
        )}
        {proposed.length > 0 && (
          <datalist id={listId}>
            {proposed.map((each) => (
              <option key={each.value} value={each.value} />
            ))}
          </datalist>
        )}
      </label>
      <button type="submit" className="button button-primary" disabled={value === null}>
        Add
      </button>
    </form>
  );
}
