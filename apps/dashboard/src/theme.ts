import type { TabStorage } from "./connection/session.ts";

/** The colours that a reader chose. `auto`: as the system prefers. */
export type Theme = "auto" | "light" | "dark";

const KEY = "edgezero-rollout-theme";
const NEXT: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };

export function nextTheme(theme: Theme): Theme {
  return NEXT[theme];
}

export function readTheme(storage: TabStorage): Theme {
  try {
    const kept = storage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

/** Shows a theme, and keeps it for the next visit where the browser allows that. */
export function applyTheme(storage: TabStorage, root: HTMLElement, theme: Theme): void {
  root.dataset["theme"] = theme;
  try {
    storage.setItem(KEY, theme);
  } catch {
    // It lasts as long as the page.
  }
}
