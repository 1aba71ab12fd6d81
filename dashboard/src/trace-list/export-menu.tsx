import { useState } from "react";
import { formatCount } from "../format/numbers.ts";
import { useProject } from "../shell/project-context.ts";
import { DownloadIcon } from "../ui/icons.tsx";
import { Popover } from "../ui/popover.tsx";
import { useToast } from "../ui/toast.tsx";
import { exportedMax, exportFormats, readAll, type ExportFormat } from "./export.ts";
import type { Listed } from "./use-trace-window.ts";

const formats = ["csv", "jsonl"] as const satisfies readonly ExportFormat[];

/** Saves the traces of the list as a file. */
export function ExportMenu({ listed }: { readonly listed: Listed }) {
  const { session } = useProject();
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const run = async (format: ExportFormat): Promise<void> => {
    setBusy(true);
    const exported = await readAll(session, listed, new AbortController().signal);
    setBusy(false);
    if (exported.kind !== "read") return say("error", `The export failed: ${exported.message}`);
    const { write, mediaType } = exportFormats[format];
    save(`traces.${format}`, new Blob([write(exported.traces)], { type: mediaType }));
    say("ok", `${formatCount(exported.traces.length)} traces exported${exported.isCut ? "; there are more than an export holds" : ""}`);
  };
  return (
    <Popover
      align="end"
      label={busy ? "Exporting" : "Export"}
      button={
        <>
          <DownloadIcon />
          <span>{busy ? "Exporting…" : "Export"}</span>
        </>
      }
    >
      {(close) => (
        <div className="menu-group">
          <h3>What is listed, up to {formatCount(exportedMax)} traces</h3>
          {formats.map((format) => (
            <button
              key={format}
              type="button"
              className="menu-item"
              disabled={busy}
              onClick={() => {
                close();
                void run(format);
              }}
            >
              {exportFormats[format].title}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
