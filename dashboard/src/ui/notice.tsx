import type { ReactNode } from "react";

interface NoticeProps {
  readonly title: string;
  readonly tone: "quiet" | "error" | "waiting";
  readonly children: ReactNode;
}

/** What stands in place of content: nothing there yet, not found, failed, waiting. */
export function Notice({ title, tone, children }: NoticeProps) {
  return (
    <section className={`notice notice-${tone}`} role={tone === "error" ? "alert" : "status"}>
      {tone === "waiting" && <span className="spinner" aria-hidden="true" />}
      <h2>{title}</h2>
      {children}
    </section>
  );
}
