import { usePages } from "../api/use-pages.ts";
import type { PageProps } from "../pages.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { ActorTotalsList } from "./actor-list.tsx";
import { TraceRows } from "./trace-rows.tsx";
import "./actors.css";

/** A session: its totals and its traces as they came. */
export function SessionPage({ id }: PageProps) {
  const { projectId } = useProject();
  const list = usePages("getSession", id, (cursor) => ({ params: { projectId, sessionId: id }, query: { limit: 100, cursor } }));
  const session = list.pages?.[0]?.session;
  if (list.failure !== null) return <FailureNotice failure={list.failure} onRetry={list.retry} />;
  const users = session?.userIds ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="mono actor-id">{id}</h1>
        <CopyButton text={id} what="session id" />
      </div>
      {session !== undefined && (
        <ActorTotalsList
          totals={session}
          extra={{
            name: users.length === 1 ? "User" : "Users",
            value:
              users.length === 0
                ? "–"
                : users.map((userId) => (
                    <Link key={userId} className="text-link" href={pagePath(projectId, "user", userId)}>
                      {userId}
                    </Link>
                  )),
          }}
        />
      )}
      <Panel title="Traces, oldest first">
        <TraceRows label="Traces of the session" traces={list.pages?.flatMap(({ traces }) => traces) ?? null} />
      </Panel>
      {list.isCut && (
        <div className="list-end">
          <button type="button" className="button" disabled={list.loading} onClick={list.loadMore}>
            Load more
          </button>
        </div>
      )}
    </div>
  );
}
