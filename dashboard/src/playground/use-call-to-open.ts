import { useEffect, useEffectEvent, useState } from "react";
import { spanIdSchema, traceIdSchema } from "#core/contracts/id.ts";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { call } from "../api/client.ts";
import { setSearch, useSearch } from "../router.tsx";
import type { Session } from "../session.ts";
import { draftOfCall, type DraftOfCall } from "./draft-of-call.ts";

type Opened = Extract<DraftOfCall, { kind: "draft" }>;

export type OpenState = { readonly kind: "nothing" } | { readonly kind: "loading" } | { readonly kind: "failed"; readonly message: string };

/** Fetches the call that the address names (`?from=<trace>&span=<span>`), once, and takes it out of the address. */
export function useCallToOpen(session: Session, onOpened: (opened: Opened) => void): OpenState {
  const search = new URLSearchParams(useSearch());
  const from = search.get("from") ?? "";
  const span = search.get("span") ?? "";
  const [failed, setFailed] = useState("");
  const opened = useEffectEvent(onOpened);
  useEffect(() => {
    if (from === "") return undefined;
    const controller = new AbortController();
    void (async () => {
      const read = await readCall(session, { from, span }, controller.signal);
      if (controller.signal.aborted) return;
      setFailed(typeof read === "string" ? read : "");
      if (typeof read !== "string") opened(read);
      setSearch({ from: null, span: null }, { replace: true });
    })();
    return () => controller.abort();
  }, [session, from, span]);
  if (from !== "") return { kind: "loading" };
  return failed === "" ? { kind: "nothing" } : { kind: "failed", message: failed };
}

/** The call of a span, or why it cannot be had. */
async function readCall(
  session: Session,
  { from, span }: { readonly from: string; readonly span: string },
  signal: AbortSignal,
): Promise<Opened | string> {
  const traceId = traceIdSchema.safeParse(from);
  const spanId = spanIdSchema.safeParse(span);
  if (!traceId.success || !spanId.success) return "The link to the call is not whole.";
  const { projectId } = session;
  let cursor: string | undefined;
  let found: StoredSpan | undefined;
  do {
    const page = await call(session, "getTrace", { params: { projectId, traceId: traceId.data }, query: { cursor } }, signal);
    if (page === null || page.kind !== "ok") return page?.message ?? "The call could not be read.";
    found = page.value.spans.find((each) => each.spanId === spanId.data);
    cursor = page.value.nextCursor ?? undefined;
  } while (found === undefined && cursor !== undefined);
  if (found === undefined) return "The call is not in its trace.";
  const text = await textOf(session, found, signal);
  if (text === null) return "The call’s input is not stored.";
  const draft = draftOfCall(text, found.api, found.modelRequested);
  return draft.kind === "draft" ? draft : "What was asked there is no conversation.";
}

async function textOf(session: Session, { input }: StoredSpan, signal: AbortSignal): Promise<string | null> {
  if (input.kind === "inline") return input.text;
  if (input.kind === "omitted") return null;
  const { projectId } = session;
  const result = await call(session, "getPayload", { params: { projectId, sha256: input.sha256 }, query: {} }, signal);
  return result?.kind === "ok" ? result.value.text : null;
}
