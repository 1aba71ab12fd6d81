import { useSyncExternalStore } from "react";

const storageKey = "evalforge.theme";

export const themes = { system: "System", light: "Light", dark: "Dark" } as const;
export type Theme = keyof typeof themes;
export const themeNames: readonly Theme[] = ["system", "light", "dark"];

/** The reader's choice; that of the system where they made none. */
export function readTheme(): Theme {
  try {
    const stored = window.localStorage.getItem(storageKey);
    return themeNames.find((name) => name === stored) ?? "system";
  } catch {
    return "system";
  }
}

const changed = "evalforge:theme";

function shownTheme(): Theme {
  const shown = document.documentElement.dataset["theme"];
  return themeNames.find((name) => name === shown) ?? "system";
}

/** The reader's choice; the caller is drawn again whenever it changes, wherever it was made. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    window.addEventListener(changed, listener);
    return () => window.removeEventListener(changed, listener);
  }, shownTheme);
}

/** Shows a theme, and keeps it where the browser allows. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    window.localStorage.setItem(storageKey, theme);
  } catch {
    // Where storage is forbidden, the choice lasts until the page is loaded again.
  }
  window.dispatchEvent(new Event(changed));
}
