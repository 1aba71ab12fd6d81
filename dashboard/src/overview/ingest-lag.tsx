import { useApi } from "../api/queries.ts";
import { formatDuration } from "../format/numbers.ts";
import { useCurrentProject } from "../shell/use-projects.ts";

const tones = { ok: "ok", late: "cancelled", stuck: "error", lossy: "error" } as const;

/** How far what is shown is behind what was accepted, in the project's home region. Only the admin key may know. */
export function IngestLag() {
  const project = useCurrentProject();
  const { data } = useApi("getIngestion", { params: {}, query: {} }, { refetchMs: 15_000 });
  const region = data?.regions.find((each) => each.region === project?.homeRegion);
  if (region === undefined) return null;
  const lag = region.lagMs === null ? "Ingest lag unknown" : region.lagMs < 1_000 ? "Up to date" : `${formatDuration(region.lagMs)} behind`;
  return (
    <span className={`lag status status-${tones[region.verdict]}`} title={region.reasons.join("\n") || "All that was accepted is stored"}>
      <span className="status-dot" aria-hidden="true" />
      {region.verdict === "ok" ? lag : `Ingestion ${region.verdict}: ${lag.toLowerCase()}`}
    </span>
  );
}
