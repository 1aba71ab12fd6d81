import { relativeRanges, type TimeRange } from "../range/time-range.ts";
import { setRange } from "../range/use-range.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { Notice } from "../ui/notice.tsx";

/** In place of figures where there are none. */
export function FirstSteps({ range }: { readonly range: TimeRange }) {
  const { projectId } = useProject();
  return (
    <Notice
      title={range.kind === "relative" ? `Nothing in the last ${relativeRanges[range.name].label}` : "Nothing in this range"}
      tone="quiet"
    >
      <p>Send a call through the gateway, or look further back.</p>
      <p className="actions">
        <Link className="button button-primary" href={pagePath(projectId, "start")}>
          Getting started
        </Link>
        <button type="button" className="button" onClick={() => setRange({ kind: "relative", name: "30d" })}>
          Show 30 days
        </button>
      </p>
    </Notice>
  );
}
