import { useLayoutEffect, useState, type RefObject } from "react";

/** Where the rows of a list stand: all are equally tall. */
export interface RowPlaces {
  /** Of the first row, from the start of the page. */
  readonly firstTopPx: number;
  readonly rowHeightPx: number;
}

/** Until the first look; the height is that of wide screens. */
const unknown: RowPlaces = { firstTopPx: 0, rowHeightPx: 53 };

/**
 * The places of the rows in `body`, whatever comes and goes above and however wide the screen is. Their height is said once, in
 * `--trace-row-height`: measuring each row costs more than drawing it, and one that differs has the places of all computed anew.
 */
export function useRowPlaces(body: RefObject<HTMLElement | null>): RowPlaces {
  const [places, setPlaces] = useState(unknown);
  useLayoutEffect(() => {
    const measure = () => {
      if (body.current === null) return;
      const firstTopPx = Math.round(body.current.getBoundingClientRect().top + window.scrollY);
      const rowHeightPx = Number.parseFloat(getComputedStyle(body.current).getPropertyValue("--trace-row-height")) || unknown.rowHeightPx;
      setPlaces((held) => (held.firstTopPx === firstTopPx && held.rowHeightPx === rowHeightPx ? held : { firstTopPx, rowHeightPx }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [body]);
  return places;
}
