import { usePages } from "../api/use-pages.ts";
import { formatDuration } from "../format/numbers.ts";
import { useRange } from "../range/use-range.ts";
import { Link, useSearch } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { ActorList, useActorSort } from "./actor-list.tsx";

/** Sessions with calls in the range. */
export function SessionsPage() {
  const { projectId } = useProject();
  const { bounds } = useRange();
  const sort = useActorSort();
  const search = useSearch();
  const list = usePages("listSessions", { bounds, sort }, (cursor) => ({
    params: { projectId },
    query: { ...bounds, sort, limit: 50, cursor },
  }));
  if (list.failure !== null && list.pages === null) return <FailureNotice failure={list.failure} onRetry={list.retry} />;
  return (
    <ActorList
      title="Sessions"
      rows={list.pages?.flatMap(({ sessions }) => sessions) ?? null}
      keyOf={({ sessionId }) => sessionId}
      first={{
        key: "session",
        title: "Session",
        renderCell: ({ sessionId }) => (
          <Link className="row-link mono" href={pagePath(projectId, "session", sessionId) + search}>
            {sessionId}
          </Link>
        ),
      }}
      last={{
        key: "length",
        title: "Length",
        align: "end",
        isLess: true,
        renderCell: ({ firstStartedAtMs, lastStartedAtMs }) =>
          lastStartedAtMs > firstStartedAtMs ? formatDuration(lastStartedAtMs - firstStartedAtMs) : "–",
      }}
      empty="No sessions in this range. Calls belong to one by the header x-evalforge-session-id."
      isCut={list.isCut}
      loading={list.loading}
      onMore={list.loadMore}
    />
  );
}
