import { usePages } from "../api/use-pages.ts";
import { formatCount } from "../format/numbers.ts";
import { useRange } from "../range/use-range.ts";
import { Link, useSearch } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { ActorList, useActorSort } from "./actor-list.tsx";

/** Users with calls in the range. */
export function UsersPage() {
  const { projectId } = useProject();
  const { bounds } = useRange();
  const sort = useActorSort();
  const search = useSearch();
  const list = usePages("listUsers", { bounds, sort }, (cursor) => ({
    params: { projectId },
    query: { ...bounds, sort, limit: 50, cursor },
  }));
  if (list.failure !== null && list.pages === null) return <FailureNotice failure={list.failure} onRetry={list.retry} />;
  return (
    <ActorList
      title="Users"
      rows={list.pages?.flatMap(({ users }) => users) ?? null}
      keyOf={({ userId }) => userId}
      first={{
        key: "user",
        title: "User",
        renderCell: ({ userId }) => (
          <Link className="row-link mono" href={pagePath(projectId, "user", userId) + search}>
            {userId}
          </Link>
        ),
      }}
      last={{ key: "sessions", title: "Sessions", align: "end", isLess: true, renderCell: ({ sessions }) => formatCount(sessions) }}
      empty="No users in this range. Calls belong to one by the header x-evalforge-user-id."
      isCut={list.isCut}
      loading={list.loading}
      onMore={list.loadMore}
    />
  );
}
