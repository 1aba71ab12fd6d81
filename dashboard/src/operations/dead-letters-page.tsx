import { useState } from "react";
import type { DeadLetterSummary } from "#core/contracts/api/dead-letters.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { usePages } from "../api/use-pages.ts";
import { useNowMs } from "../api/use-poll.ts";
import { formatBytes } from "../format/numbers.ts";
import { setSearch, useSearch } from "../router.tsx";
import { useCurrentProject } from "../shell/use-projects.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Instant } from "../ui/instant.tsx";
import { Segments } from "../ui/segments.tsx";
import { DeadLetterDrawer } from "./dead-letter-drawer.tsx";

const stateTones = { open: "badge badge-error", replayed: "badge badge-ok", discarded: "badge" } as const;

/** What could not be stored, and what became of it. */
export function DeadLettersPage() {
  const chosen = regionSchema.safeParse(new URLSearchParams(useSearch()).get("region"));
  const home = useCurrentProject()?.homeRegion;
  const region: Region = chosen.success ? chosen.data : (home ?? "us-east");
  const nowMs = useNowMs();
  const [open, setOpen] = useState<DeadLetterSummary | null>(null);
  const list = usePages("listDeadLetters", region, (cursor) => ({ params: { region }, query: { limit: 100, cursor } }));
  const columns: readonly Column<DeadLetterSummary>[] = [
    {
      key: "name",
      title: "Letter",
      renderCell: (letter) => (
        <button type="button" className="row-link row-button mono" onClick={() => setOpen(letter)}>
          {letter.name}
        </button>
      ),
    },
    { key: "state", title: "State", renderCell: ({ state }) => <span className={stateTones[state]}>{state}</span> },
    { key: "kind", title: "Holds", isLess: true, renderCell: ({ kind }) => (kind === "events" ? "events" : "an object") },
    { key: "bytes", title: "Size", align: "end", isLess: true, renderCell: ({ bytes }) => formatBytes(bytes) },
    { key: "written", title: "Written", align: "end", renderCell: ({ writtenAtMs }) => <Instant atMs={writtenAtMs} nowMs={nowMs} /> },
  ];
  if (list.failure !== null && list.pages === null) return <FailureNotice failure={list.failure} onRetry={list.retry} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Dead letters</h1>
        <div className="page-actions">
          <Segments
            label="Region"
            value={region}
            options={regionSchema.options.map((name) => [name, name] as const)}
            onChange={(name) => setSearch({ region: name })}
          />
        </div>
      </div>
      <div className="panel">
        <DataTable
          label="Dead letters"
          columns={columns}
          rows={list.pages?.flatMap(({ deadLetters }) => deadLetters) ?? null}
          keyOf={({ day, name }) => `${day}/${name}`}
          empty={`Nothing was given up in ${region}: all that was accepted there is stored.`}
        />
      </div>
      {list.isCut && (
        <div className="list-end">
          <button type="button" className="button" disabled={list.loading} onClick={list.loadMore}>
            Load more
          </button>
        </div>
      )}
      {open !== null && <DeadLetterDrawer letter={open} onClose={() => setOpen(null)} />}
    </div>
  );
}
