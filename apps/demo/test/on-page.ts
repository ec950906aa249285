import type { Page } from "playwright-core";

/** A stage may take this long on a machine that has other work too. */
const MOST_MS = 240_000;

/** The first words of the status, such as `Observing at 10%`. */
export async function headline(page: Page): Promise<string> {
  return (await page.textContent(".status-headline")) ?? "";
}

/** Waits until the status begins so. */
export async function shows(page: Page, expected: RegExp): Promise<void> {
  const status = page.locator(".status-headline").filter({ hasText: expected });
  await status.waitFor({ timeout: MOST_MS });
}
