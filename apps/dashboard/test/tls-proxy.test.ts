import { readFileSync } from "node:fs";
import { certify } from "@edgezero/testbed/certificate";
import { findChromium } from "@edgezero/testbed/browser/find-chromium";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Nginx } from "@edgezero/testbed/nginx/nginx";
import { nginxMissing, startNginx } from "@edgezero/testbed/nginx/nginx";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPage, sees } from "./open-page.ts";
import { scene } from "./scenes.ts";
import type { ServedRecording } from "./serve-recorded.ts";
import { serveRecorded } from "./serve-recorded.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const README = new URL("../../controller/README.md", import.meta.url);
const NAME = "ops.example.com";

const chromium = findChromium();
const missing = "missing" in chromium ? chromium.missing : nginxMissing;
if (missing !== undefined) console.log(`The page behind TLS is not tested. ${missing}`);

/** The example of the controller's README, with the addresses of this machine. */
function exampleConfig(folder: string, port: number, target: string): string {
  const example = /```nginx\n([\s\S]*?)```/.exec(readFileSync(README, "utf8"))?.[1] ?? "";
  const replaced: readonly (readonly [string, string])[] = [
    ["listen 443 ssl", `listen 127.0.0.1:${port} ssl`],
    ["http://127.0.0.1:8790", target],
    [`/etc/ssl/${NAME}.crt`, `${folder}/${NAME}.crt`],
    [`/etc/ssl/${NAME}.key`, `${folder}/${NAME}.key`],
  ];
  return replaced.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no ${from}`);
    return text.replace(from, to);
  }, example);
}

describe.skipIf(missing !== undefined)("the page behind nginx with TLS, below a path", () => {
  let browser: Browser;
  let served: ServedRecording;
  let nginx: Nginx;
  beforeAll(async () => {
    browser = await launchChromium();
    served = await serveRecorded({ token: TOKEN });
    nginx = await startNginx({
      http(folder, port) {
        certify(folder, NAME);
        return exampleConfig(folder, port, served.url);
      },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await nginx?.stop();
    await served?.close();
  });

  test("takes the token, is live, and passes commands on", async () => {
    served.environments.show(scene("observing", Date.now()));
    const address = `https://127.0.0.1:${nginx.port}/rollout`;
    const options = { ignoreHTTPSErrors: true };
    const { page, complaints, strangers } = await openPage(browser, address, options);
    await page.fill("input[name=token]", TOKEN);
    await page.keyboard.press("Enter");
    await sees(page, "Waiting at 10%");
    expect(page.url()).toMatch(new RegExp(`^${address}/`));
    // A buffer on the way would keep this from the page until it is full.
    served.environments.show(scene("healthy", Date.now()));
    await sees(page, "Observing at 50%");
    expect(await page.getByText(/^Not live/).count()).toBe(0);
    await page.click("#action-pause");
    await page.click(".confirm button[type=submit]");
    await sees(page, "Taken.");
    expect(served.environments.commands).toMatchObject([{ command: "pause" }]);
    // The first answers ask for the token, which the browser notes by itself.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
    expect(strangers).toEqual([]);
    await page.close();
  });
});
