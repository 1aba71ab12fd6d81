import { useEffect, useRef, useState } from "react";
import type { Payload } from "#core/contracts/span.ts";
import { call } from "../api/client.ts";
import type { Session } from "../session.ts";

/** A payload as far as it is here. `load` fetches one that is only referred to. */
export type LoadedPayload =
  | { readonly kind: "text"; readonly mediaType: string; readonly text: string }
  | {
      readonly kind: "reference";
      readonly bytes: number;
      readonly preview: string;
      readonly loading: boolean;
      /** Why the last try failed; empty without one. */
      readonly failureText: string;
      readonly load: () => void;
    }
  | { readonly kind: "omitted"; readonly reason: "none" | "payloads-off" | "too-large" | "store-unavailable" | "expired" };

/** Large payloads are fetched only when the reader asks: they may be many megabytes. */
export function usePayload(session: Session, payload: Payload): LoadedPayload {
  const [fetched, setFetched] = useState<{ readonly mediaType: string; readonly text: string } | null>(null);
  const [loading, setLoading] = useState(false);
  const [failureText, setFailureText] = useState("");
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  if (payload.kind === "omitted") return payload;
  if (payload.kind === "inline") return { kind: "text", mediaType: payload.mediaType, text: payload.text };
  if (fetched !== null) return { kind: "text", ...fetched };

  const load = async (): Promise<void> => {
    const controller = new AbortController();
    abort.current?.abort();
    abort.current = controller;
    setLoading(true);
    setFailureText("");
    const result = await call(session, "getPayload", { params: { sha256: payload.sha256 }, query: {} }, controller.signal);
    if (result === null) return;
    setLoading(false);
    if (result.kind === "ok") setFetched({ mediaType: result.value.mediaType, text: result.value.text });
    else setFailureText(result.kind === "not-found" ? "This payload is no longer stored." : result.message);
  };
  return { kind: "reference", bytes: payload.bytes, preview: payload.preview, loading, failureText, load: () => void load() };
}
