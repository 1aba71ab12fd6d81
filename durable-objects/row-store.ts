import type * as z from "zod";

/** Rows of one table, each a value under an id, read by its schema. Every method is one synchronous transaction. */
export class RowStore<Value> {
  readonly #sql: SqlStorage;
  readonly #table: string;
  readonly #schema: z.ZodType<Value>;

  /** `table`: a name of ours, never of a caller's. */
  constructor(sql: SqlStorage, table: string, schema: z.ZodType<Value>) {
    this.#sql = sql;
    this.#table = table;
    this.#schema = schema;
    sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, due_at_ms INTEGER, value TEXT NOT NULL) WITHOUT ROWID`);
    sql.exec(`CREATE INDEX IF NOT EXISTS ${table}_due ON ${table} (due_at_ms) WHERE due_at_ms IS NOT NULL`);
  }

  read(id: string): Value | null {
    const [row] = this.#sql.exec<{ value: string }>(`SELECT value FROM ${this.#table} WHERE id = ?`, id).toArray();
    return row === undefined ? null : this.#parse(row.value);
  }

  /** Rows whose ids begin so. */
  list(prefix: string): readonly { readonly id: string; readonly value: Value }[] {
    return this.#sql
      .exec<{ id: string; value: string }>(`SELECT id, value FROM ${this.#table} WHERE id >= ? AND id < ?`, prefix, `${prefix}\u{10ffff}`)
      .toArray()
      .map(({ id, value }) => ({ id, value: this.#parse(value) }));
  }

  /** Ids of rows that something is due for, the first due first. */
  due(nowMs: number, most: number): readonly string[] {
    return this.#sql
      .exec<{ id: string }>(`SELECT id FROM ${this.#table} WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?`, nowMs, most)
      .toArray()
      .map(({ id }) => id);
  }

  /** When something is due next; `null`: nothing is. */
  nextDueAtMs(): number | null {
    const [row] = this.#sql.exec<{ due: number | null }>(`SELECT min(due_at_ms) AS due FROM ${this.#table}`).toArray();
    return row?.due ?? null;
  }

  /** `dueAtMs`: when the row is to be looked at; `null`: never. */
  write(id: string, value: Value, dueAtMs: number | null): void {
    this.#sql.exec(
      `INSERT INTO ${this.#table} (id, due_at_ms, value) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET due_at_ms = excluded.due_at_ms, value = excluded.value`,
      id,
      dueAtMs,
      JSON.stringify(value),
    );
  }

  remove(id: string): void {
    this.#sql.exec(`DELETE FROM ${this.#table} WHERE id = ?`, id);
  }

  #parse(text: string): Value {
    return this.#schema.parse(JSON.parse(text));
  }
}
