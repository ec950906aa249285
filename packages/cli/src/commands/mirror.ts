import { setTimeout as sleep } from "node:timers/promises";
import { isMirrorTarget } from "@edgezero/operations/mirror/mirror-target";
import { mirrorNoteText } from "@edgezero/operations/mirror/note-text";
import { runMirror } from "@edgezero/operations/mirror/run-mirror";
import { replaceFile } from "@edgezero/stores/file/durable-file";
import { fileLocation, isFileUrl } from "@edgezero/stores/file/location";
import { openStore } from "@edgezero/stores/open-operator-store";
import { passwordsOf, redact } from "@edgezero/stores/redact";
import { CliError } from "../cli-error.ts";
import type { Outcome, Output } from "../output/output.ts";

/** The options of `mirror`. */
export interface MirrorOptions {
  readonly from: string;
  readonly to: string;
  /** Milliseconds between two reads of the store. */
  readonly every: number;
}

/** `mirror`: keeps a config file equal to a store, for gateways that read a file, until it is ended. */
export async function mirror(output: Output, options: MirrorOptions): Promise<Outcome> {
  const { from, to, every } = options;
  output.hide(passwordsOf(from));
  if (!isFileUrl(to))
    throw usage(`--to is ${redact(to)}: it must be a file, such as file:./rollout.json`);
  const path = fileLocation(to, process.cwd());
  if (!(await isMirrorTarget(path)))
    throw usage(`${path} was not written by a mirror: name another file, or remove it first`);
  const store = await openStore(from, process.env);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  try {
    await runMirror({
      read: async () => store.read(),
      write: async (text) => replaceFile(path, text),
      now: Date.now,
      pause: async () => sleep(every, undefined, { signal: stop.signal }).catch(() => {}),
      onNote(note) {
        const text = mirrorNoteText(note, store.location, path);
        output.say(note.kind === "fault" ? output.errorPaint.warn(text) : text);
      },
      signal: stop.signal,
    });
  } finally {
    await store.close().catch(() => {});
  }
  return {
    document: { from: store.location, to: path },
    text: `Stopped. ${path} ages from now on.`,
  };
}

function usage(message: string): CliError {
  return new CliError("usage", message);
}
