import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { ControllerClient, HistoryQuery } from "./client.ts";
import type { AskedController, ControllerFinding } from "./controller-finding.ts";
import { controllerFinding } from "./controller-finding.ts";
import { historyLines } from "./history-text.ts";

/** What someone wants to know of the past. */
export interface PastWish extends HistoryQuery {
  /** The file that gets the windows, for `replay`; without it the history is shown. */
  readonly recording?: string | undefined;
}

/** What came of asking for it: a JSON document, and a text for people. */
export type Past =
  | {
      readonly kind: "seen";
      readonly document: Readonly<Record<string, unknown>>;
      readonly text: string;
    }
  | { readonly kind: "unseen"; readonly finding: ControllerFinding };

/**
 * Asks a controller how its rollout went, or saves the windows that it kept. Never rejects for what the
 * controller does.
 *
 * @throws what the file system throws, where the recording cannot be written. Then no file is left.
 */
export async function askHistory(
  client: ControllerClient,
  controller: AskedController,
  { recording: path, from, to, points = 600 }: PastWish,
): Promise<Past> {
  const { url, environment: name } = controller;
  const asked = { environment: name, controller: url };
  try {
    if (path === undefined) {
      const history = await client.history(name, { from, to, points });
      const text = historyLines(history).join("\n");
      return { kind: "seen", document: { ...asked, history }, text };
    }
    const windows = await save(path, await client.recording(name, { from, to }));
    const next = windows === 0 ? "" : ` \`edgezero-rollout replay --recording ${path}\` reads it.`;
    const text = `${windows} windows are in ${path}.${next}`;
    return { kind: "seen", document: { ...asked, recording: path, windows }, text };
  } catch (error) {
    if (!(error instanceof Error && error.name === "ClientError")) throw error;
    return { kind: "unseen", finding: await controllerFinding(error, client, controller) };
  }
}

/** Writes a recording as a whole or not at all. Gives the number of its windows. */
async function save(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const part = `${path}.${randomBytes(4).toString("hex")}.part`;
  const file = await open(part, "wx", 0o600);
  let windows = 0;
  let rest = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      windows += lines.filter((line) => line.startsWith('{"type":"window"')).length;
      await file.write(chunk);
    }
    await file.close();
    await rename(part, path);
    return windows;
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
}
