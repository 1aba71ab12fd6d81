import { useState } from "react";
import type { Facet } from "#core/contracts/api/spans.ts";
import { useApi } from "../api/queries.ts";
import { formatMetric } from "../format/metric.ts";
import type { Bounds } from "../range/time-range.ts";
import { useProject } from "../shell/project-context.ts";
import { ChevronIcon } from "../ui/icons.tsx";
import { writeFilter, type Condition } from "./conditions.ts";
import { chosenValues, facetNames, fieldOf, ofSpans, toggleValue } from "./fields.ts";

interface FacetsProps {
  readonly bounds: Bounds;
  readonly conditions: readonly Condition[];
  readonly nameOf: (field: string, value: string) => string;
  readonly onChange: (conditions: readonly Condition[]) => void;
}

const openAtFirst: ReadonlySet<string> = new Set(["status", "modelRequested", "provider", "keyId", "environment"]);

/** The values that occur, each with how many spans have it under all other conditions. */
export function Facets({ bounds, conditions, nameOf, onChange }: FacetsProps) {
  const { projectId } = useProject();
  const filter = writeFilter(ofSpans(conditions));
  const { data, isPlaceholderData } = useApi("listFacets", {
    params: { projectId },
    query: { fields: facetNames.join(","), limit: 8, filter, ...bounds },
  });
  return (
    <aside className={isPlaceholderData ? "facets waiting" : "facets"} aria-label="Values to filter by">
      {facetNames.map((name) => (
        <FacetGroup
          key={name}
          name={name}
          facet={data?.facets.find(({ field }) => field === name) ?? null}
          chosen={chosenValues(conditions, name)}
          nameOf={nameOf}
          onToggle={(value) => onChange(toggleValue(conditions, name, value))}
        />
      ))}
    </aside>
  );
}

interface FacetGroupProps {
  readonly name: string;
  /** `null`: not known yet. */
  readonly facet: Facet | null;
  readonly chosen: ReadonlySet<string>;
  readonly nameOf: (field: string, value: string) => string;
  readonly onToggle: (value: string) => void;
}

function FacetGroup({ name, facet, chosen, nameOf, onToggle }: FacetGroupProps) {
  const [open, setOpen] = useState(openAtFirst.has(name));
  const values = facet?.values.filter(({ value }) => value !== "" || chosen.has("")) ?? [];
  const missing = [...chosen].filter((value) => !values.some((each) => each.value === value)).map((value) => ({ value, spans: 0 }));
  const shown = [...missing, ...values];
  if (facet !== null && shown.length === 0) return null;
  return (
    <section className="facet">
      <h2>
        <button type="button" className="facet-title" aria-expanded={open} onClick={() => setOpen(!open)}>
          {fieldOf(name).label}
          <ChevronIcon />
        </button>
      </h2>
      {open && (
        <ul>
          {shown.map(({ value, spans }) => (
            <li key={value}>
              <label className="facet-value" title={value}>
                <input type="checkbox" checked={chosen.has(value)} onChange={() => onToggle(value)} />
                <span className="facet-name">{value === "" ? "empty" : nameOf(name, value)}</span>
                <span className="facet-count">{formatMetric("tokens", spans)}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
