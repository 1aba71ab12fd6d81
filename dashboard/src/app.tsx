import { Activity, useEffect, useState } from "react";
import { NotFoundPage } from "./not-found.tsx";
import { Link, usePath } from "./router.tsx";
import { parseRoute } from "./routes.ts";
import { forgetSession, keepSession, type Session } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { TraceListPage } from "./trace-list/trace-list-page.tsx";
import { TracePage } from "./trace/trace-page.tsx";

interface Access {
  readonly session: Session | null;
  /** Why there is no session, where the server said so. */
  readonly refusal: string;
}

/** The whole dashboard: sign-in, or the page that the path names. */
export function App({ initialSession }: { readonly initialSession: Session | null }) {
  const [access, setAccess] = useState<Access>({ session: initialSession, refusal: "" });
  const route = parseRoute(usePath());

  const leave = (refusal: string) => {
    forgetSession(window);
    setAccess({ session: null, refusal });
  };
  const enter = (session: Session) => {
    keepSession(window, session);
    setAccess({ session, refusal: "" });
  };

  if (access.session === null) return <SignIn refusal={access.refusal} onEnter={enter} />;
  const session = access.session;
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="top-bar">
        <Link className="brand" href="/">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          EvalForge
        </Link>
        <nav aria-label="Main">
          <Link href="/" aria-current={route.kind === "traces" ? "page" : undefined}>
            Traces
          </Link>
        </nav>
        <button type="button" className="quiet-button" onClick={() => leave("")}>
          Sign out
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {/* Kept while a trace is open, so that going back finds the same rows at the same place. */}
        <Activity mode={route.kind === "traces" ? "visible" : "hidden"}>
          <TraceListPage session={session} onUnauthorized={leave} />
        </Activity>
        {route.kind === "trace" && <TracePage key={route.traceId} session={session} traceId={route.traceId} onUnauthorized={leave} />}
        {route.kind === "not-found" && <NotFoundPage />}
      </main>
      <PageTitle title={route.kind === "trace" ? `Trace ${route.traceId.slice(0, 8)}` : "Traces"} />
    </>
  );
}

function PageTitle({ title }: { readonly title: string }) {
  useEffect(() => {
    document.title = `${title} · EvalForge`;
  }, [title]);
  return null;
}
