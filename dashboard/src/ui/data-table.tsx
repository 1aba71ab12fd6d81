import type { ReactNode } from "react";
import "./data-table.css";

export interface Column<Row> {
  readonly key: string;
  /** Empty: what is in the column says itself what it is, as buttons do. */
  readonly title: string;
  readonly align?: "start" | "end";
  /** Left out where there is little room. */
  readonly isLess?: true;
  readonly renderCell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** `null`: not known yet. */
  readonly rows: readonly Row[] | null;
  readonly keyOf: (row: Row) => string;
  readonly empty: ReactNode;
}

const skeletonRows = 6;

/** A table of some hundred rows at most. A link of class `row-link` in its first cell makes the whole row one. */
export function DataTable<Row>({ label, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  if (rows?.length === 0) return <div className="table-empty">{empty}</div>;
  const classOf = ({ align, isLess }: Column<Row>) =>
    [align === "end" ? "cell-end" : "", isLess ? "cell-less" : ""].filter(Boolean).join(" ");
  return (
    <div className="table-box" role="group" aria-label={label} tabIndex={0}>
      <table className="data-table" aria-busy={rows === null}>
        <thead>
          <tr>
            {columns.map((column) =>
              column.title === "" ? (
                <td key={column.key} />
              ) : (
                <th key={column.key} scope="col" className={classOf(column)}>
                  {column.title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows === null
            ? Array.from({ length: skeletonRows }, (_, at) => (
                <tr key={at} aria-hidden="true">
                  {columns.map((column) => (
                    <td key={column.key} className={classOf(column)}>
                      <span className="skeleton" />
                    </td>
                  ))}
                </tr>
              ))
            : rows.map((row) => (
                <tr key={keyOf(row)}>
                  {columns.map((column) => (
                    <td key={column.key} className={classOf(column)}>
                      {column.renderCell(row)}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}
