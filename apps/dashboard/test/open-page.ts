import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page of the browser, and all that it complained of. */
export interface OpenPage {
  readonly page: Page;
  /** What came to the console, uncaught faults, and violations of the policy. */
  readonly complaints: string[];
  /** The origins that were asked, without the controller's. */
  readonly strangers: string[];
}

/** Opens a page of its own, at an address, and listens for anything that should not be. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== new URL(address).origin) strangers.push(origin);
  });
  await page.goto(address);
  return { page, complaints, strangers };
}

/** Waits until a part of the page has this text. */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

/** By how many pixels the page is wider than its window. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/** Those of the parts that end below the window. */
export async function partsBelow(page: Page, selectors: readonly string[]): Promise<string[]> {
  const below: string[] = [];
  for (const selector of selectors) {
    const box = await page.locator(selector).boundingBox();
    const { height = 0 } = page.viewportSize() ?? {};
    if (box === null || box.y + box.height > height) below.push(selector);
  }
  return below;
}

/** Texts that do not fit their boxes, and are cut there or run out of them. */
export async function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = document.querySelectorAll<HTMLElement>("header *, main *");
    return [...parts]
      .filter((part) => part.closest(".visually-hidden, .skip, svg") === null)
      .filter(({ childNodes }) =>
        [...childNodes].some(
          ({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim() !== "",
        ),
      )
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
      .map((part) => `${part.className || part.tagName}: ${part.textContent}`);
  });
}
