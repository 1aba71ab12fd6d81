import * as z from "zod";
import { projectIdSchema } from "#core/contracts/id.ts";

const sessionSchema = z.strictObject({
  adminKey: z.string().min(1).max(500),
  projectId: projectIdSchema,
  /** Base URL of the gateway, for the line that makes a first call; empty where the link did not say. */
  gatewayUrl: z.string().max(500).default(""),
});

/** Who is looking, at which project. Lives as long as the tab. */
export type Session = z.infer<typeof sessionSchema>;

const storageKey = "evalforge.session";

/** `#key=…&project=…[&gateway=…]`, with what the fragment leaves out taken from `stored`; `null` where it is no session. */
export function parseFragment(fragment: string, stored: Session | null): Session | null {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  if (!given.has("key") && !given.has("project")) return stored;
  const gatewayUrl = given.get("gateway") ?? stored?.gatewayUrl ?? "";
  const parsed = sessionSchema.safeParse({
    adminKey: given.get("key") ?? stored?.adminKey,
    projectId: (given.get("project") ?? stored?.projectId)?.toLowerCase(),
    gatewayUrl: /^https?:\/\//.test(gatewayUrl) ? gatewayUrl.replace(/\/+$/, "") : "",
  });
  return parsed.success ? parsed.data : null;
}

/** Text of the sign-in form → session, or which field is wrong. */
export function parseSignIn(
  adminKey: string,
  projectId: string,
): { kind: "session"; session: Session } | { kind: "invalid"; field: "key" | "project" } {
  if (adminKey.trim() === "") return { kind: "invalid", field: "key" };
  const parsed = sessionSchema.safeParse({ adminKey: adminKey.trim(), projectId: projectId.trim().toLowerCase() });
  return parsed.success ? { kind: "session", session: parsed.data } : { kind: "invalid", field: "project" };
}

/** The session of this tab. A key in the address is kept and taken out of the address bar and history. */
export function openSession(window: Window): Session | null {
  const fragment = window.location.hash;
  const session = parseFragment(fragment, readStored(window));
  if (/[#&](key|project)=/.test(fragment)) {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    if (session !== null) keepSession(window, session);
  }
  return session;
}

/** Browsers may forbid storage altogether; the session then lives until the page is reloaded. */
export function keepSession(window: Window, session: Session): void {
  try {
    window.sessionStorage.setItem(storageKey, JSON.stringify(session));
  } catch {
    return;
  }
}

export function forgetSession(window: Window): void {
  try {
    window.sessionStorage.removeItem(storageKey);
  } catch {
    return;
  }
}

function readStored(window: Window): Session | null {
  try {
    const text = window.sessionStorage.getItem(storageKey);
    const parsed = sessionSchema.safeParse(text === null ? null : JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
