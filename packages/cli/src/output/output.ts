import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import type { ExitName } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { StoreError } from "@edgezero/stores/operator-store";
import type { Paint } from "./paint.ts";
import { paintFor } from "./paint.ts";
import type { Progress } from "./progress.ts";
import { startProgress } from "./progress.ts";
import { printableJson, printableText } from "@edgezero/faults/printable";
import { redact } from "@edgezero/stores/redact";

/** The version of every JSON document. It rises when a field is taken away or changes its meaning. */
export const JSON_VERSION = 1;

/** What a command has come to. */
export interface Outcome {
  /** The command's own part of its JSON document. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The same for people, without a line feed at its end; empty: nothing is written. */
  readonly text: string;
  /** `ok` unless given. */
  readonly exit?: ExitName;
  /** What is wrong, in a sentence, where `exit` is not `ok`. */
  readonly problem?: string;
  /** That it was written already. */
  readonly isShown?: boolean;
  /** What is there to be seen, though it looks like a secret: a token that was asked for. */
  readonly disclosed?: string;
}

/** Where a command writes: people's text or one JSON document, with secrets taken out of both. */
export interface Output {
  readonly isJson: boolean;
  /** Styles for standard output. */
  readonly paint: Paint;
  /** Styles for standard error. */
  readonly errorPaint: Paint;
  /** Registers what must never be seen. */
  hide(secrets: readonly string[]): void;
  /** Writes the outcome; gives the exit code. */
  finish(outcome: Outcome): number;
  /** Writes the failure; gives the exit code. */
  fail(error: unknown): number;
  /** A line for people that is not the result: on standard error, and nowhere with `--json`. */
  say(text: string): void;
  progress(text: string): Progress;
  /** Takes out what must not be seen. */
  safe(text: string): string;
}

/** An {@link Output} over this process's streams. */
export function createOutput(command: string, isJson: boolean, secrets: string[]): Output {
  const hidden = [...secrets];
  const safe = (text: string): string => redact(text, hidden);
  const safeAround = (text: string, disclosed?: string): string =>
    disclosed === undefined ? safe(text) : text.split(disclosed).map(safe).join(disclosed);
  const shown = (text: string, disclosed?: string): string =>
    printableText(safeAround(text, disclosed));
  const paint = paintFor(process.stdout);
  const errorPaint = paintFor(process.stderr);

  function writeDocument(
    ok: boolean,
    fields: Readonly<Record<string, unknown>>,
    disclosed?: string,
  ): void {
    const document = { version: JSON_VERSION, ok, command, ...fields };
    const text = JSON.stringify(document, (_, value: unknown) =>
      typeof value === "string" ? safeAround(value, disclosed) : value,
    );
    process.stdout.write(`${printableJson(text)}\n`);
  }

  return {
    isJson,
    paint,
    errorPaint,
    safe,
    hide: (more) => void hidden.push(...more),
    finish({ document, text, exit = "ok", problem = "", isShown = false, disclosed }) {
      const { code } = EXIT_CODES[exit];
      if (isShown) return code;
      if (!isJson) process.stdout.write(`${shown(text, disclosed)}\n`);
      else if (exit === "ok") writeDocument(true, document, disclosed);
      else writeDocument(false, { error: errorOf(exit, problem), ...document });
      return code;
    },
    fail(error) {
      const { exit, message, hint, details } = describe(error);
      if (isJson) {
        writeDocument(false, { error: { ...errorOf(exit, message, hint), ...details } });
      } else {
        process.stderr.write(shown(`${errorPaint.bad("error:")} ${message}\n`));
        if (hint !== null) process.stderr.write(shown(`${errorPaint.faint(hint)}\n`));
      }
      return EXIT_CODES[exit].code;
    },
    say(text) {
      if (!isJson) process.stderr.write(`${shown(text)}\n`);
    },
    progress: (text) => startProgress(text, process.stderr, !isJson),
  };
}

function errorOf(
  exit: ExitName,
  message: string,
  hint: string | null = null,
): Record<string, unknown> {
  return { code: exit, exitCode: EXIT_CODES[exit].code, message, hint };
}

function describe(error: unknown): {
  exit: ExitName;
  message: string;
  hint: string | null;
  details: Readonly<Record<string, unknown>>;
} {
  if (error instanceof CliError) {
    const { exit, message, hint = null, details } = error;
    return { exit, message, hint, details };
  }
  if (error instanceof StoreError) {
    return { exit: "store-unavailable", message: error.message, hint: null, details: {} };
  }
  const hint = "This is a fault of edgezero-rollout itself.";
  return { exit: "internal", message: messageOf(error), hint, details: {} };
}
