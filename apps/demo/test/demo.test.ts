import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { findChromium } from "@edgezero/testbed/browser/find-chromium";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PanelState } from "../src/page/panel-state.ts";
import type { RunningDemo } from "./run-demo.ts";
import { runDemo } from "./run-demo.ts";

const chromium = findChromium();
if ("missing" in chromium) console.log(`The test of the panel is skipped. ${chromium.missing}`);

/** The demo starts three processes, on a machine that has other work too. */
const LONG_MS = 120_000;

describe("the demo", () => {
  let demo: RunningDemo;
  afterEach(async () => demo.cleanUp());

  test(
    "plays a fault and a rollback, and exits with 0 only where it was proven",
    async () => {
      demo = await runDemo("--script", "story");
      const exit = await demo.exit;
      expect({ exit, lines: demo.lines }).toMatchObject({ exit: { code: 0, signal: null } });
      const said = demo.lines.join("\n");
      expect(said).toMatch(/EdgeZero begins to fail 5% of its requests, at 10%\./);
      expect(said).toMatch(/Proven [\d.]+ s after the fault: Rolled back, and verified/);
      expect(said).toMatch(/requests were served, 0 of them by EdgeZero\./);
      expect(await demo.files()).toEqual([]);
    },
    2 * LONG_MS,
  );

  describe("that runs", () => {
    let url: string;
    beforeEach(async () => {
      demo = await runDemo();
      url = await demo.url();
    }, LONG_MS);

    test(
      "prints one line, and Control-C leaves no file, port or process",
      async () => {
        const state = await panelOf(url);
        demo.signalAll("SIGINT");
        expect(await demo.exit).toEqual({ code: 0, signal: null });
        expect(demo.lines).toEqual([expect.stringContaining(url)]);
        expect(await demo.files()).toEqual([]);
        const all = [url, state.shop, state.legacy, state.edgezero, state.controller];
        expect(await Promise.all(all.map(answers))).toEqual(all.map(() => false));
      },
      LONG_MS,
    );

    test(
      "leaves no process behind where it is killed",
      async () => {
        const { shop, controller } = await panelOf(url);
        process.kill(demo.pid, "SIGKILL");
        expect(await demo.exit).toEqual({ code: null, signal: "SIGKILL" });
        const ended = { timeout: 30_000 };
        await expect.poll(async () => answers(shop), ended).toBe(false);
        await expect.poll(async () => answers(controller), ended).toBe(false);
      },
      LONG_MS,
    );

    test(
      "shows two shops, and begins and heals faults for its own page only",
      async () => {
        const { shop, legacy, edgezero, fault } = await panelOf(url);
        const [old, own] = await Promise.all([legacy, edgezero].map(textAt));
        expect(old).not.toBe(own);
        expect([old, own]).toContain(await textAt(shop));
        expect(fault).toBeNull();

        expect((await begin(url, "no-key", "http://elsewhere.example")).status).toBe(403);
        expect((await begin(url, "everything", url)).status).toBe(409);
        expect((await panelOf(url)).fault).toBeNull();
        expect(await (await begin(url, "no-key", url)).json()).toMatchObject({ fault: "no-key" });
        expect(await (await begin(url, null, url)).json()).toMatchObject({ fault: null });
      },
      LONG_MS,
    );
    describe.skipIf("missing" in chromium)("in Chromium", () => {
      let browser: Browser;
      beforeAll(async () => {
        browser = await launchChromium();
      });
      afterAll(async () => browser?.close());

      test(
        "breaks and heals by keyboard, within the policy of the controller's page",
        async () => {
          const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
          const complaints: string[] = [];
          page.on("console", (message) => complaints.push(message.text()));
          page.on("pageerror", (error) => complaints.push(error.message));
          await page.goto(url);
          // The page itself, and not the panel alone.
          await page.waitForSelector(".screen");

          await page.focus("#demo-no-source");
          await page.keyboard.press("Enter");
          await page.waitForSelector('#demo-no-source[aria-pressed="true"]:focus');
          expect((await panelOf(url)).fault).toBe("no-source");
          await page.focus("#demo-heal");
          await page.keyboard.press("Enter");
          await page.getByText("No fault is on").waitFor();
          expect((await panelOf(url)).fault).toBeNull();

          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            expect(await axeFindings(page)).toEqual([]);
          }
          expect(await widerThanWindow(page)).toBe(0);
          expect(complaints).toEqual([]);
        },
        LONG_MS,
      );
    });
  });
});

/** What axe finds in the panel, each with where. */
async function axeFindings(page: Page): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  // Playwright's own world is not bound by the page's policy.
  await page.evaluate(await readFile(path, "utf8"));
  return page.evaluate(async () => {
    interface Found {
      violations: { id: string; nodes: { html: string }[] }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(part: string): Promise<Found> } };
    const { violations } = await axe.run(".demo-panel");
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  });
}

async function widerThanWindow(page: Page): Promise<number> {
  const [width, shown] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  return width - shown;
}

async function panelOf(url: string): Promise<PanelState> {
  return (await (await fetch(`${url}/demo/state`)).json()) as PanelState;
}

async function begin(url: string, fault: string | null, origin: string): Promise<Response> {
  return fetch(`${url}/demo/fault`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ fault }),
  });
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
