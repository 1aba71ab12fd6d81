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

/** Shows a theme, and keeps it where the browser allows. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    window.localStorage.setItem(storageKey, theme);
  } catch {
    return;
  }
}
