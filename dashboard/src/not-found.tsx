import { Link } from "./router.tsx";
import { Notice } from "./ui/notice.tsx";

export function NotFoundPage() {
  return (
    <Notice title="There is no such page" tone="quiet">
      <p>The address may be cut off or mistyped.</p>
      <Link className="button" href="/">
        All traces
      </Link>
    </Notice>
  );
}
