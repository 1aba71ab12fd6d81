import { useEffect, useEffectEvent, type RefObject } from "react";

/** Whether keys are meant for what has the focus: letters typed there are text. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.metaKey || event.ctrlKey || event.altKey) return true;
  return target instanceof HTMLElement && (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.closest("dialog") !== null);
}

/** j and k move the focus to the link of the next and the former row; Enter then follows it, as links do. */
export function useRowKeys(body: RefObject<HTMLElement | null>, count: number, bringIntoView: (at: number) => void): void {
  const move = useEffectEvent((step: number) => {
    const focused = document.activeElement?.closest<HTMLElement>("[data-index]");
    const from = focused === null || focused === undefined ? -1 : Number(focused.dataset["index"]);
    const next = Math.max(0, Math.min(count - 1, from + step));
    const focus = () => {
      const link = body.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`);
      link?.focus({ preventScroll: true });
      return link !== null && link !== undefined;
    };
    bringIntoView(next);
    // A row far away is drawn only after the scroll.
    if (!focus()) requestAnimationFrame(() => requestAnimationFrame(focus));
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = { j: 1, k: -1 }[event.key];
      if (step === undefined || isTyping(event)) return;
      event.preventDefault();
      move(step);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
