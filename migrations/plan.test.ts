import { test } from "vitest";
import { splitStatements } from "./clickhouse-files.ts";
import { planMigrations } from "./plan.ts";

const file = (name: string, checksum = name) => ({ name, checksum, statements: [], isRepeatable: false });
const done = (name: string, checksum = name) => [{ name, state: "started", checksum } as const, { name, state: "done", checksum } as const];

test("only what is missing is applied, in order", ({ expect }) => {
  const [first, second, third] = [file("0001_a.sql"), file("0002_b.sql"), file("0003_c.sql")];
  expect(planMigrations([first, second, third], done(first.name))).toEqual({ kind: "apply", files: [second, third] });
});

test("a file numbered before one that is applied is refused", ({ expect }) => {
  expect(planMigrations([file("0001_a.sql"), file("0002_b.sql")], done("0002_b.sql"))).toEqual({
    kind: "refused",
    message: "0001_a.sql comes before 0002_b.sql, which is already applied. Give it a later number.",
  });
});

test("a database that is newer than the code is refused", ({ expect }) => {
  expect(planMigrations([], done("0001_a.sql"))).toEqual({
    kind: "refused",
    message: "0001_a.sql was applied here and is not among the files. This code is older than the database: use a newer one.",
  });
});

test("statements are split at semicolons that end a line; comments alone are none", ({ expect }) => {
  expect(splitStatements("-- why\nSELECT ';' AS x;\n\nSELECT 2;\n-- end\n")).toEqual(["-- why\nSELECT ';' AS x", "SELECT 2"]);
});

test("a file that stopped half-way is repeated where it says that it may be, and only in the form it was started in", ({ expect }) => {
  const repeatable = { ...file("0001_a.sql"), isRepeatable: true };
  const started = [{ name: "0001_a.sql", state: "started", checksum: "0001_a.sql" } as const];
  expect(planMigrations([repeatable], started)).toEqual({ kind: "apply", files: [repeatable] });
  const refused = {
    kind: "refused",
    message:
      "0001_a.sql was started and never finished. Undo what it has made in this database, " +
      "then run: ALTER TABLE schema_migrations DELETE WHERE name = '0001_a.sql'; and this again.",
  };
  expect(planMigrations([{ ...repeatable, checksum: "other" }], started)).toEqual(refused);
  expect(planMigrations([{ ...repeatable, isRepeatable: false }], started)).toEqual(refused);
  expect(planMigrations([], started)).toEqual(refused);
});
