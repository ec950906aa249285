// Makes pictures of the page's main states into .pictures/, to look at: `pictures [name …]`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Page } from "playwright-core";
import { scene, SCENE_NAMES } from "./scenes.ts";
import type { ServedRecording } from "./serve-recorded.ts";
import { serveRecorded } from "./serve-recorded.ts";

const FOLDER = join(import.meta.dirname, "..", ".pictures");
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const TOKEN = "0123456789abcdef0123456789abcdef";

/** What is done to a page before its picture. */
type Show = (page: Page, served: ServedRecording) => Promise<void>;

async function openScene(page: Page, { url }: ServedRecording): Promise<void> {
  await page.goto(`${url}/#/production`);
  await page.waitForSelector(".uplot", { state: "attached" });
}

/** Pictures of what is no state of a rollout. */
const SCREENS: Readonly<Record<string, { readonly token?: string; readonly show: Show }>> = {
  token: {
    token: TOKEN,
    show: async (page, { url }) => {
      await page.goto(url);
      await page.fill("input[name=token]", "a wrong one");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".outcome");
    },
  },
  "no-environment": {
    show: async (page, { url }) => {
      await page.goto(url);
      await page.waitForSelector("text=No environment");
    },
  },
  environments: {
    show: async (page, { url, environments }) => {
      const now = Date.now();
      environments.show(scene("observing", now, "production"));
      environments.show(scene("healthy", now, "staging"));
      environments.show(scene("rollback-unverified", now, "eu-west"));
      environments.show(scene("awaiting-approval", now, "us-east"));
      environments.show(scene("idle", now, "canary-lab"));
      await page.goto(url);
      await page.waitForSelector(".environment");
    },
  },
  stale: {
    show: async (page, served) => {
      served.environments.show(scene("healthy", Date.now()));
      await openScene(page, served);
      await served.close();
      await page.waitForSelector(".banner");
    },
  },
  unreachable: {
    show: async (page, served) => {
      await page.goto(served.url);
      await served.close();
      await page.evaluate(() => void (location.hash = "#/production"));
      await page.waitForSelector("text=Not connected");
    },
  },
  confirm: {
    show: async (page, served) => {
      served.environments.show(scene("observing", Date.now()));
      await openScene(page, served);
      await page.keyboard.press("Alt+Shift+R");
      await page.waitForSelector(".confirm");
    },
  },
  refused: {
    show: async (page, served) => {
      served.environments.show(scene("awaiting-approval", Date.now()));
      served.environments.answer = {
        accepted: false,
        sentence: "The rollout is at stage 2: name that one to approve it.",
      };
      await openScene(page, served);
      await page.keyboard.press("Alt+Shift+A");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Alt+Shift+K");
      await page.waitForSelector(".outcome");
    },
  },
};

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
mkdirSync(FOLDER, { recursive: true });
const browser = await launchChromium();
try {
  for (const name of SCENE_NAMES.filter(isWanted)) {
    const recorded = scene(name, Date.now());
    await picture(name, async (page, served) => {
      served.environments.show(recorded);
      await openScene(page, served);
    });
  }
  for (const [name, { token, show }] of Object.entries(SCREENS)) {
    if (isWanted(name)) await picture(name, show, token);
  }
} finally {
  await browser.close();
}

async function picture(name: string, show: Show, token: string | null = null): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const served = await serveRecorded({ token });
      const page = await browser.newPage({ viewport, colorScheme });
      page.on("pageerror", (error) => console.log(`${name}: ${error.message}`));
      await show(page, served);
      await page.waitForTimeout(300);
      const path = join(FOLDER, `${name}.${size}.${colorScheme}.png`);
      await page.screenshot({ path, fullPage: size === "phone" });
      await page.close();
      await served.close();
    }
  }
}
