import { openScrape } from "@edgezero/evidence/scrape";
import { startBreakableServer } from "@edgezero/testbed/breakable-server";
import { EVIDENCE_OPTIONS } from "@edgezero/testbed/contracts/evidence-source";
import { expect, onTestFinished, test } from "vitest";
import { openSite } from "../src/http/site.ts";
import type { EvidenceReading, EvidenceSource } from "../src/source.ts";
import { pageText } from "./page-text.ts";

const TYPE = "text/plain; version=0.0.4; charset=utf-8";
const { windowMs } = EVIDENCE_OPTIONS;
const BEGIN = 1000 * windowMs + 1;

/** Two gateways that are named, of which one can fall silent. */
async function openTwo(): Promise<{ source: EvidenceSource; silent: Set<string> }> {
  const silent = new Set<string>();
  let count = 0;
  const server = await startBreakableServer(TYPE, ({ url = "/" }) => {
    if (silent.has(url)) return "# nothing of a gateway\n";
    count += 10;
    const path = { ok: count, error: 0, timeout: 0 };
    return pageText({ epoch: "0", legacy: path, edgezero: path });
  });
  const targets = ["/a", "/b"].map((name) => ({ name, url: server.url + name, headers: {} }));
  const site = openSite({ url: server.url }, {});
  const options = { ...EVIDENCE_OPTIONS, env: {} };
  const source = openScrape(site, async () => targets, server.url, options);
  onTestFinished(async () => {
    await source.close();
    await server.close();
  });
  return { source, silent };
}

async function readAt(source: EvidenceSource, windows: number): Promise<EvidenceReading> {
  const now = BEGIN + windows * windowMs;
  return source.read({ now, since: null, signal: new AbortController().signal });
}

test("a gateway that falls silent leaves windows of the others, is named, and keeps them from being fresh", async () => {
  const { source, silent } = await openTwo();
  await readAt(source, 0);
  expect(await readAt(source, 1)).toMatchObject({ newest: BEGIN + windowMs });
  silent.add("/b");
  let reading: EvidenceReading | null = null;
  for (let i = 2; i < 8; i += 1) reading = await readAt(source, i);
  const { windows, ...rest } = reading as Extract<EvidenceReading, { kind: "windows" }>;
  expect(windows.at(-1)?.instances).toBe(1);
  expect(rest).toMatchObject({ newest: BEGIN + windowMs, lacking: expect.stringContaining("/b") });
  silent.delete("/b");
  const again = await readAt(source, 8);
  expect(again).toMatchObject({ newest: BEGIN + 8 * windowMs });
  expect(again).not.toHaveProperty("lacking");
});

test("a gateway that never answers is behind from the first question on", async () => {
  const { source, silent } = await openTwo();
  silent.add("/b");
  for (let i = 0; i < 4; i += 1) await readAt(source, i);
  expect(await readAt(source, 4)).toMatchObject({ newest: BEGIN });
});
