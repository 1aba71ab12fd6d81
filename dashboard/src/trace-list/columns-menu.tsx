import { setSearch } from "../router.tsx";
import { ColumnsIcon } from "../ui/icons.tsx";
import { Popover } from "../ui/popover.tsx";
import { rememberColumns } from "./remembered-columns.ts";
import { traceColumnNames, traceColumns, writeColumns, type TraceColumnName } from "./columns.tsx";

/** Which columns the list has; the link to the trace is in the model's, which stays. */
export function ColumnsMenu({ columns }: { readonly columns: readonly TraceColumnName[] }) {
  const toggle = (name: TraceColumnName) => {
    const next = columns.includes(name) ? columns.filter((each) => each !== name) : [...columns, name];
    rememberColumns(next);
    setSearch({ columns: writeColumns(next) }, { replace: true });
  };
  return (
    <Popover
      align="end"
      label="Columns"
      button={
        <>
          <ColumnsIcon />
          <span>Columns</span>
        </>
      }
    >
      {() => (
        <div className="menu-group">
          {traceColumnNames.map((name) => (
            <label key={name} className="facet-value">
              <input type="checkbox" checked={columns.includes(name)} disabled={name === "model"} onChange={() => toggle(name)} />
              <span className="facet-name">{traceColumns[name].title}</span>
            </label>
          ))}
        </div>
      )}
    </Popover>
  );
}
