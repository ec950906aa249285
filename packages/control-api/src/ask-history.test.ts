import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askHistory } from "./ask-history.ts";
import { createClient } from "./client.ts";
import { historyLines } from "./history-text.ts";

const URL_OF = "http://127.0.0.1:8790";
const ASKED = { url: URL_OF, environment: "production", tokenEnv: "TOKEN", token: null };
const HISTORY = {
  at: [0, 1000, 2000],
  pct: [0, 1, 1],
  share: [null, 0.009, 0.012],
  signals: { errors: [null, 0.5, 2], wins: [null, null, null] },
  states: [
    { at: 0, state: "idle", reason: null },
    { at: 2000, state: "held", reason: "share" },
  ],
} as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-past-"));
  path = join(folder, "month.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Asks a controller that answers with these chunks, and breaks off after them where it is told so. */
async function saved(chunks: readonly string[], breaksOff = false): Promise<unknown> {
  const body = new ReadableStream({
    pull(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      if (breaksOff) controller.error(new Error("other side closed"));
      else controller.close();
    },
  });
  const client = createClient({ url: URL_OF, fetch: async () => new Response(body) });
  return askHistory(client, ASKED, { recording: path });
}

test("saves a recording, and counts its windows wherever the chunks end", async () => {
  const lines = ['{"type":"recording"}', '{"type":"window","a":1}', '{"type":"window","a":2}'];
  const text = `${lines.join("\n")}\n`;
  expect(await saved([text.slice(0, 30), text.slice(30, 60), text.slice(60)])).toMatchObject({
    kind: "seen",
    document: { environment: "production", recording: path, windows: 2 },
  });
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("half a recording is none: the file of before stays", async () => {
  writeFileSync(path, "before");
  expect(await saved(['{"type":"recording"}\n'], true)).toMatchObject({
    kind: "unseen",
    finding: { code: "silent" },
  });
  expect(readdirSync(folder)).toEqual(["month.ndjson"]);
  expect(readFileSync(path, "utf8")).toBe("before");
});

test("a file that cannot be written is the caller's own fault", async () => {
  path = join(folder, "none", "month.ndjson");
  await expect(saved(["x"])).rejects.toThrow("ENOENT");
});

test("asks for a part of the time", async () => {
  const urls: string[] = [];
  const answer = async (url: unknown): Promise<Response> => {
    urls.push(String(url));
    return Response.json(HISTORY);
  };
  const client = createClient({ url: URL_OF, fetch: answer });
  const past = await askHistory(client, ASKED, { from: "2026-11-26T12:00:00Z" });
  const base = `${URL_OF}/api/v1/environments/production/history`;
  expect(urls).toEqual([`${base}?from=2026-11-26T12%3A00%3A00Z&points=600`]);
  expect(past).toMatchObject({ kind: "seen", document: { history: HISTORY } });
});

test("says states, percentages, and how low and how high each value was", () => {
  expect(historyLines(HISTORY)).toEqual([
    "3 readings, from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:02.000Z",
    "states, and the first reason why it was not further:",
    "  1970-01-01T00:00:00.000Z  idle",
    "  1970-01-01T00:00:02.000Z  held: share",
    "percentages in the store:",
    "  1970-01-01T00:00:00.000Z  0%",
    "  1970-01-01T00:00:01.000Z  1%",
    "observed share: 0.9% to 1.2%",
    "errors: 0.5 to 2",
    "wins: not known",
  ]);
  expect(historyLines({ at: [], pct: [], share: [], signals: {} })).toEqual([
    "nothing is known of that time",
  ]);
});
