import { QueryClientProvider } from "@tanstack/react-query";
import { Activity, Component, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { createQueryClient } from "./api/queries.ts";
import { NotFoundPage } from "./not-found.tsx";
import { pageNames, pageTable } from "./page-table.ts";
import { pages } from "./pages.ts";
import { navigate, usePath } from "./router.tsx";
import { pagePath, parseRoute, type Route } from "./routes.ts";
import { forgetSession, keepSession, type Session } from "./session.ts";
import { ProjectContext } from "./shell/project-context.ts";
import { Shell } from "./shell/shell.tsx";
import { SignIn } from "./sign-in.tsx";
import { Notice } from "./ui/notice.tsx";
import { Toasts } from "./ui/toast.tsx";

interface Access {
  readonly session: Session | null;
  /** Why there is no session, where the server said so. */
  readonly refusal: string;
}

/** The whole dashboard: sign-in, or the page that the path names. */
export function App({ initialSession }: { readonly initialSession: Session | null }) {
  const [access, setAccess] = useState<Access>({ session: initialSession, refusal: "" });
  const leave = (refusal: string) => {
    forgetSession(window);
    setAccess({ session: null, refusal });
  };
  const enter = (session: Session) => {
    keepSession(window, session);
    setAccess({ session, refusal: "" });
  };
  if (access.session === null) return <SignIn refusal={access.refusal} onEnter={enter} />;
  return <SignedIn key={access.session.adminKey} session={access.session} onLeave={leave} />;
}

function SignedIn({ session, onLeave }: { readonly session: Session; readonly onLeave: (refusal: string) => void }) {
  const [client] = useState(() => createQueryClient(onLeave));
  const route = parseRoute(usePath());
  const address = currentAddress(route, session);
  useEffect(() => {
    if (address !== null) navigate(address + window.location.search, { replace: true });
  }, [address]);
  const projectId = route.kind === "page" ? route.projectId : session.projectId;
  useEffect(() => keepSession(window, { ...session, projectId }), [session, projectId]);
  const context = useMemo(
    () => ({ session: { ...session, projectId }, projectId, onUnauthorized: onLeave }),
    [session, projectId, onLeave],
  );
  const title = route.kind === "page" ? pageTable[route.page].title : "EvalForge";
  useEffect(() => {
    document.title = route.kind === "page" && route.id !== "" ? `${title} ${route.id.slice(0, 8)} · EvalForge` : `${title} · EvalForge`;
  }, [route, title]);
  if (address !== null) return null;
  return (
    <QueryClientProvider client={client}>
      <ProjectContext value={context}>
        <Toasts>
          <Shell
            page={route.kind === "page" ? route.page : "overview"}
            id={route.kind === "page" ? route.id : ""}
            onSignOut={() => onLeave("")}
          >
            {route.kind === "page" ? <PageOf route={route} /> : <NotFoundPage />}
          </Shell>
        </Toasts>
      </ProjectContext>
    </QueryClientProvider>
  );
}

/** Where an address without a project leads; `null`: it stays. */
function currentAddress(route: Route, session: Session): string | null {
  if (route.kind === "home") return pagePath(session.projectId, "overview");
  return route.kind === "old-trace" ? pagePath(session.projectId, "trace", route.traceId) : null;
}

/** The page, and hidden under it the one above, so that going back finds it as it was left. */
function PageOf({ route }: { readonly route: Extract<Route, { kind: "page" }> }) {
  const above = pageNames.find((name) => name === pageTable[route.page].parent);
  const shown = [...(above === undefined ? [] : [{ page: above, id: "" }]), { page: route.page, id: route.id }];
  return shown.map(({ page, id }) => {
    const Page = pages[page];
    return (
      <Activity key={`${route.projectId} ${page} ${id}`} mode={page === route.page ? "visible" : "hidden"}>
        <FaultBoundary>
          <Suspense fallback={<div className="page page-loading" aria-busy="true" />}>
            <Page id={id} />
          </Suspense>
        </FaultBoundary>
      </Activity>
    );
  });
}

/** A page that cannot be drawn leaves the navigation standing. */
class FaultBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice title="This page cannot be shown" tone="error">
        <p>Either a newer version is out, or this is a fault of ours. Loading it again may help.</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Load again
        </button>
      </Notice>
    );
  }
}
