import { afterEach, beforeEach, expect, test } from "vitest";
import type { PageFiles } from "../../src/page/page-files.ts";
import { pageFolder, readPage } from "../../src/page/page-files.ts";
import type { Served } from "../api/serve.ts";
import { serve } from "../api/serve.ts";

const file = (text: string, type: string, isNamedByContent: boolean) => ({
  body: new TextEncoder().encode(text),
  type,
  isNamedByContent,
});
const PAGE: PageFiles = new Map([
  ["/", file("<!doctype html>", "text/html; charset=utf-8", false)],
  ["/assets/index-1a.js", file("1", "text/javascript; charset=utf-8", true)],
]);

let served: Served;
beforeEach(async () => {
  served = await serve({ page: PAGE });
});
afterEach(async () => served.close());

test("the page needs no token, and may do very little", async () => {
  const response = await fetch(`${served.url}/`);
  expect([response.status, await response.text()]).toEqual([200, "<!doctype html>"]);
  const policy = response.headers.get("content-security-policy") ?? "";
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
    expect(policy.split("; ")).toContain(rule);
  }
  expect(policy).not.toContain("unsafe");
  expect(response.headers.get("cache-control")).toBe("no-cache");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a file that is named by its content is kept for ever", async () => {
  const response = await fetch(`${served.url}/assets/index-1a.js`);
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(response.headers.get("cache-control")).toMatch(/immutable/);
});

test.each(["/assets/index-2b.js", "/assets/..%2f..%2fpackage.json", "/index.htm"])(
  "has no file %s",
  async (path) => {
    const response = await fetch(served.url + path);
    expect(response.status).toBe(404);
    expect(response.headers.get("cache-control")).toBe("no-store");
  },
);

test("the history needs the token, the page's files do not have it", async () => {
  const response = await fetch(`${served.url}/api/v1/environments/production/history`);
  expect(response.status).toBe(401);
});

test("says how to build a page that is not built", async () => {
  await served.close();
  served = await serve({ page: await readPage("/nowhere/at/all") });
  const response = await fetch(`${served.url}/`);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("@edgezero/dashboard build");
});

test("the built page is found beside the controller", async () => {
  const page = await readPage(pageFolder());
  expect([...(page?.keys() ?? [])]).toEqual(
    expect.arrayContaining(["/", "/index.html", "/icon.svg"]),
  );
});
