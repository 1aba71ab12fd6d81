import { memo, useId, useState, type KeyboardEvent } from "react";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import type { Session } from "../session.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { Conversation } from "./conversation.tsx";
import { RawPayload } from "./raw-payload.tsx";
import { SpanFacts } from "./span-facts.tsx";
import { UpstreamRequest } from "./upstream-request.tsx";
import { usePayload } from "./use-payload.ts";

const tabs = { conversation: "Conversation", request: "Request", response: "Response", upstream: "Upstream" } as const;
type Tab = keyof typeof tabs;
const tabNames: readonly Tab[] = ["conversation", "request", "response", "upstream"];
const tabSteps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** One span in full: what was said on one side, its figures on the other. The page is drawn every second, this is not: a payload may be long. */
export const SpanDetail = memo(function SpanDetail({ session, span }: { readonly session: Session; readonly span: StoredSpan }) {
  const [tab, setTab] = useState<Tab>("conversation");
  const input = usePayload(session, span.input);
  const output = usePayload(session, span.output);
  const panelId = useId();
  return (
    <div className="span-detail">
      <h2 className="visually-hidden">{span.name || span.kind}</h2>
      <section className="span-content" aria-label="Content of the span">
        {span.error !== null && (
          <div className={`banner span-error ${span.status === "error" ? "banner-error" : "banner-warning"}`}>
            <span className="banner-text">
              <strong className="mono">{span.error.code}</strong> {span.error.message}
            </span>
            {span.error.upstreamStatus !== null && <span className="banner-side mono">upstream {span.error.upstreamStatus}</span>}
          </div>
        )}
        <div className="span-tools">
          <TabList tab={tab} panelId={panelId} onChange={setTab} />
          {isConversation(span) && (
            <Link className="button" href={`${pagePath(span.projectId, "playground")}?from=${span.traceId}&span=${span.spanId}`}>
              Open in playground
            </Link>
          )}
        </div>
        <div role="tabpanel" id={panelId} aria-labelledby={`${panelId}-${tab}`}>
          {tab === "conversation" && <Conversation input={input} output={output} status={span.status} api={span.api} />}
          {tab === "request" && <RawPayload what="input" payload={input} />}
          {tab === "response" && <RawPayload what="output" payload={output} />}
          {tab === "upstream" && <UpstreamRequest input={input} request={span.upstreamRequest} usageRaw={span.usageRaw} />}
        </div>
      </section>
      <SpanFacts span={span} />
    </div>
  );
});

/** What can be asked once more: a call that says something, and of which it is kept what it said. */
function isConversation({ kind, api, input }: StoredSpan): boolean {
  return kind === "generation" && api !== "count-tokens" && input.kind !== "omitted";
}

function TabList({ tab, panelId, onChange }: { readonly tab: Tab; readonly panelId: string; readonly onChange: (tab: Tab) => void }) {
  const step = (event: KeyboardEvent) => {
    const next = tabNames[(tabNames.indexOf(tab) + (tabSteps[event.key] ?? 0) + tabNames.length) % tabNames.length];
    if (next === undefined || next === tab) return;
    event.preventDefault();
    onChange(next);
    document.getElementById(`${panelId}-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label="Views of the span" onKeyDown={step}>
      {tabNames.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${panelId}-${name}`}
          aria-selected={name === tab}
          aria-controls={panelId}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onChange(name)}
        >
          {tabs[name]}
        </button>
      ))}
    </div>
  );
}
