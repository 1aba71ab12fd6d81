import { usePages } from "../api/use-pages.ts";
import { formatCount } from "../format/numbers.ts";
import type { PageProps } from "../pages.ts";
import { useProject } from "../shell/project-context.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { ActorTotalsList } from "./actor-list.tsx";
import { TraceRows } from "./trace-rows.tsx";
import "./actors.css";

/** A user: totals, and the traces, newest first. */
export function UserPage({ id }: PageProps) {
  const { projectId } = useProject();
  const list = usePages("getUser", id, (cursor) => ({ params: { projectId, userId: id }, query: { limit: 100, cursor } }));
  const user = list.pages?.[0]?.user;
  if (list.failure !== null) return <FailureNotice failure={list.failure} onRetry={list.retry} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="mono actor-id">{id}</h1>
        <CopyButton text={id} what="user id" />
      </div>
      {user !== undefined && <ActorTotalsList totals={user} extra={{ name: "Sessions", value: formatCount(user.sessions) }} />}
      <Panel title="Traces, newest first">
        <TraceRows label="Traces of the user" traces={list.pages?.flatMap(({ traces }) => traces) ?? null} />
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
