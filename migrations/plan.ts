/** What a plan needs to know of a file. */
interface PlannedFile {
  readonly name: string;
  readonly checksum: string;
  readonly isRepeatable: boolean;
}

export interface LedgerRow {
  readonly name: string;
  readonly state: "started" | "done";
  readonly checksum: string;
}

export type Plan<File extends PlannedFile> =
  | { readonly kind: "apply"; readonly files: readonly File[] }
  | { readonly kind: "refused"; readonly message: string };

/** Which of the files, given in their order, are to be applied; or why nothing may be done before a person has looked. */
export function planMigrations<File extends PlannedFile>(files: readonly File[], ledger: readonly LedgerRow[]): Plan<File> {
  const started = ledger.filter((row) => row.state === "started");
  const done = new Map(ledger.filter((row) => row.state === "done").map((row) => [row.name, row.checksum]));
  // Told even where its file is gone: nobody knows then what it has made.
  const halfWay = started.find(
    (row) => !done.has(row.name) && !files.some((file) => file.isRepeatable && file.name === row.name && file.checksum === row.checksum),
  );
  if (halfWay !== undefined) return refused(halfWayMessage(halfWay.name));
  const names = new Set(files.map((file) => file.name));
  const missing = [...done.keys()].find((name) => !names.has(name));
  if (missing !== undefined)
    return refused(`${missing} was applied here and is not among the files. This code is older than the database: use a newer one.`);
  const changed = files.find((file) => done.has(file.name) && done.get(file.name) !== file.checksum);
  if (changed !== undefined)
    return refused(`${changed.name} was changed after it was applied. Restore the file and put the change into a new one.`);
  const last = files.findLastIndex((file) => done.has(file.name));
  const late = files.slice(0, last + 1).find((file) => !done.has(file.name));
  if (late !== undefined)
    return refused(`${late.name} comes before ${files[last]?.name ?? ""}, which is already applied. Give it a later number.`);
  return { kind: "apply", files: files.filter((file) => !done.has(file.name)) };
}

/** What a person is told of a file that stopped between its statements. */
export function halfWayMessage(name: string): string {
  return (
    `${name} was started and never finished. Undo what it has made in this database, ` +
    `then run: ALTER TABLE schema_migrations DELETE WHERE name = '${name}'; and this again.`
  );
}

function refused(message: string): { readonly kind: "refused"; readonly message: string } {
  return { kind: "refused", message };
}
