import type { BlockWriter } from "./block-writer.ts";

/** A type of ClickHouse's, with the values that it takes from us. */
interface ColumnType<Value> {
  readonly name: string;
  /** Writes a column: the value that each row has there. */
  readonly write: <Row>(to: BlockWriter, rows: readonly Row[], valueOf: (row: Row) => Value) => void;
  /** Whether this is what ClickHouse puts where a column is left out. */
  readonly isDefault: (value: Value) => boolean;
  /** A value as JSON formats have it. */
  readonly toJson: (value: Value) => unknown;
}

function each<Value>(name: string, filler: Value, writeValue: (to: BlockWriter, value: Value) => void): ColumnType<Value> {
  return {
    name,
    write: (to, rows, valueOf) => {
      for (const row of rows) writeValue(to, valueOf(row));
    },
    isDefault: (value) => value === filler,
    toJson: (value) => value,
  };
}

const text: ColumnType<string> = { ...each<string>("String", "", (to, value) => to.text(value)), toJson: (value) => value.toWellFormed() };
const bool = each<boolean>("Bool", false, (to, value) => to.byte(value ? 1 : 0));
const int64 = each<number>("Int64", 0, (to, value) => to.int64(value));
const float64 = each<number>("Float64", 0, (to, value) => to.float64(value));

/** The years that DateTime64(6) holds without wrapping, on the safe side. Ingestion refuses times far off long before. */
const momentMaxMs = Date.UTC(2200, 0);

function microsOf(atMs: number): number {
  return Math.round(Math.min(Math.max(atMs, 0), momentMaxMs) * 1000);
}

/** Epoch milliseconds, kept to the microsecond; in JSON as text, since a bare number would be read by its number of digits. */
const moment: ColumnType<number> = {
  ...each<number>("DateTime64(6, 'UTC')", 0, (to, atMs) => to.int64(microsOf(atMs))),
  toJson: momentText,
};

/** `yyyy-mm-dd hh:mm:ss.ffffff` in UTC. */
export function momentText(atMs: number): string {
  const micros = microsOf(atMs);
  const whole = new Date(Math.floor(micros / 1000)).toISOString();
  return `${whole.slice(0, 10)} ${whole.slice(11, 23)}${String(micros % 1000).padStart(3, "0")}`;
}

/** First a byte for each value, 1: null; then the values, with anything where there is none. */
function nullable<Value>({ name, write, toJson }: ColumnType<Value>, filler: NoInfer<Value>): ColumnType<Value | null> {
  return {
    name: `Nullable(${name})`,
    write: (to, rows, valueOf) => {
      const values = rows.map(valueOf);
      for (const value of values) to.byte(value === null ? 1 : 0);
      write(to, values, (value) => value ?? filler);
    },
    isDefault: (value) => value === null,
    toJson: (value) => (value === null ? null : toJson(value)),
  };
}

/** First where the list of each row ends, counted over all rows; then all elements. */
function writeEnds(to: BlockWriter, lists: readonly (readonly unknown[])[]): void {
  let end = 0;
  for (const { length } of lists) {
    end += length;
    to.int64(end);
  }
}

const same = <Value>(value: Value): Value => value;
const isEmpty = (list: readonly unknown[]): boolean => list.length === 0;

const texts: ColumnType<readonly string[]> = {
  name: "Array(String)",
  write: (to, rows, valueOf) => {
    const lists = rows.map(valueOf);
    writeEnds(to, lists);
    for (const list of lists) text.write(to, list, same);
  },
  isDefault: isEmpty,
  toJson: (list) => list.map(text.toJson),
};

type Pairs<Value> = readonly (readonly [string, Value])[];

function map<Value>({ name, write, toJson }: ColumnType<Value>): ColumnType<Pairs<Value>> {
  return {
    name: `Map(String, ${name})`,
    write: (to, rows, valueOf) => {
      const lists = rows.map(valueOf);
      writeEnds(to, lists);
      for (const pairs of lists) for (const [key] of pairs) to.text(key);
      for (const pairs of lists) write(to, pairs, ([, value]) => value);
    },
    isDefault: isEmpty,
    toJson: (pairs) => Object.fromEntries(pairs.map(([key, value]) => [key.toWellFormed(), toJson(value)])),
  };
}

/** One column of a table: its type, and what a row has there. */
export interface Column<Row> {
  readonly typeName: string;
  readonly write: (to: BlockWriter, rows: readonly Row[]) => void;
  /** Whether no row says more there than a column says that is left out. */
  readonly isBlank: (rows: readonly Row[]) => boolean;
  readonly json: (row: Row) => unknown;
}

function of<Value>(type: ColumnType<Value>) {
  return <Row>(valueOf: (row: Row) => Value): Column<Row> => ({
    typeName: type.name,
    write: (to, rows) => type.write(to, rows, valueOf),
    isBlank: (rows) => rows.every((row) => type.isDefault(valueOf(row))),
    json: (row) => type.toJson(valueOf(row)),
  });
}

/** Columns by what they hold. A `LowCardinality` is written as what it holds; ClickHouse makes the rest of it. */
export const columnOf = {
  text: of(text),
  nullableText: of(nullable(text, "")),
  uuid: of(each<string>("UUID", "00000000-0000-0000-0000-000000000000", (to, value) => to.uuid(value))),
  bool: of(bool),
  uint16: of(each<number>("UInt16", 0, (to, value) => to.uint16(value))),
  uint64: of(each<number>("UInt64", 0, (to, value) => to.int64(value))),
  int64: of(int64),
  nullableInt64: of(nullable(int64, 0)),
  float64: of(float64),
  nullableFloat64: of(nullable(float64, 0)),
  moment: of(moment),
  texts: of(texts),
  textMap: of(map(text)),
  numberMap: of(map(float64)),
  boolMap: of(map(bool)),
} as const;

/** A column that is never left out: where it is, the table puts a default of its own. */
export function alwaysWritten<Row>(column: Column<Row>): Column<Row> {
  return { ...column, isBlank: () => false };
}
