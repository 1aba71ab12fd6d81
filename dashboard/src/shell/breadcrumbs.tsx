import { pageNames, pageTable, type PageName } from "../page-table.ts";
import { Link, useSearch } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "./project-context.ts";

/** Where the reader is. The page above keeps the range and the filter with which it was left. */
export function Breadcrumbs({ page, id }: { readonly page: PageName; readonly id: string }) {
  const { projectId } = useProject();
  const search = useSearch();
  const parent = pageNames.find((name) => name === pageTable[page].parent);
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <ol>
        {parent !== undefined && (
          <li>
            <Link href={pagePath(projectId, parent) + search}>{pageTable[parent].title}</Link>
          </li>
        )}
        <li aria-current="page">{id === "" ? pageTable[page].title : <span className="mono crumb-id">{id}</span>}</li>
      </ol>
    </nav>
  );
}
