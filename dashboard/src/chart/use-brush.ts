import { useState, type KeyboardEvent, type PointerEvent } from "react";
import type { Bounds } from "../range/time-range.ts";

interface BrushInput {
  readonly points: readonly number[];
  readonly bounds: Bounds;
  /** Where the plot begins, and how wide it is; pixels. */
  readonly left: number;
  readonly plotWidth: number;
  readonly onBrush?: (bounds: Bounds) => void;
}

/** A drag shorter than this is a click. */
const dragMinPx = 4;

/** Which point is read, and which part of the range is being chosen, by pointer or by keys. */
export function useBrush({ points, bounds, left, plotWidth, onBrush }: BrushInput) {
  const [at, setAt] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ readonly fromPx: number; readonly toPx: number } | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);

  const momentOf = (px: number) =>
    bounds.fromMs + (Math.max(0, Math.min(plotWidth, px - left)) / plotWidth) * (bounds.toMs - bounds.fromMs);
  const pointAt = (px: number): number | null => {
    if (points.length === 0) return null;
    const atMs = momentOf(px);
    const after = points.findIndex((pointMs) => pointMs > atMs);
    return Math.max(0, (after === -1 ? points.length : after) - 1);
  };
  const between = (one: number, other: number): Bounds => ({
    fromMs: Math.max(bounds.fromMs, points[Math.min(one, other)] ?? bounds.fromMs),
    toMs: points[Math.max(one, other) + 1] ?? bounds.toMs,
  });
  const dragged = drag !== null && Math.abs(drag.toPx - drag.fromPx) >= dragMinPx ? drag : null;
  const selection: Bounds | null =
    dragged !== null
      ? { fromMs: momentOf(Math.min(dragged.fromPx, dragged.toPx)), toMs: momentOf(Math.max(dragged.fromPx, dragged.toPx)) }
      : anchor !== null && at !== null
        ? between(anchor, at)
        : null;

  const pxOf = (event: PointerEvent<HTMLDivElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const choose = (chosen: Bounds) => {
    setAnchor(null);
    setAt(null);
    onBrush?.({ fromMs: Math.floor(chosen.fromMs), toMs: Math.ceil(chosen.toMs) });
  };

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (onBrush === undefined || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const px = pxOf(event);
      setAnchor(null);
      setDrag({ fromPx: px, toPx: px });
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const px = pxOf(event);
      setAt(pointAt(px));
      setDrag((held) => (held === null ? null : { ...held, toPx: px }));
    },
    onPointerUp: () => {
      if (selection !== null && dragged !== null) choose(selection);
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
    onPointerLeave: () => setAt(null),
    onBlur: () => {
      setAt(null);
      setAnchor(null);
    },
    onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step !== undefined && points.length > 0) {
        event.preventDefault();
        const from = at ?? (step === 1 ? -1 : points.length);
        const next = Math.max(0, Math.min(points.length - 1, from + step));
        setAnchor(event.shiftKey && onBrush !== undefined ? (anchor ?? at ?? next) : null);
        setAt(next);
      }
      if (event.key === "Escape") setAnchor(null);
      if (event.key === "Enter" && selection !== null) choose(selection);
    },
  };
  return { at, selection, handlers };
}
