import { useState } from "react";
import { parseJson } from "../wire/json.ts";
import { draftSchema, emptyDraft, type Draft } from "./draft.ts";

/** The draft of a project, kept in the tab. `isKept` is false where the browser takes no more: a reload would lose it. */
export function useDraft(projectId: string) {
  const storageKey = `evalforge.playground.${projectId}`;
  const [draft, setDraft] = useState<Draft>(() => readStored(storageKey));
  const [isKept, setKept] = useState(true);
  /** What stood here before another draft took its place. */
  const [former, setFormer] = useState<Draft | null>(null);
  const set = (next: Draft) => {
    setDraft(next);
    setKept(store(storageKey, next));
  };
  const change = (changes: Partial<Draft>) => set({ ...draft, ...changes });
  const replace = (next: Draft) => {
    setFormer(isEmpty(draft) ? null : draft);
    set(next);
  };
  return { draft, isKept, former, change, replace };
}

function isEmpty({ turns }: Draft): boolean {
  return turns.every(({ text }) => text.trim() === "");
}

function readStored(key: string): Draft {
  try {
    const text = window.sessionStorage.getItem(key);
    const parsed = parseJson(text ?? "");
    return draftSchema.safeParse(parsed.kind === "json" ? parsed.value : null).data ?? emptyDraft;
  } catch {
    return emptyDraft;
  }
}

/** Whether it could be. */
function store(key: string, draft: Draft): boolean {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}
