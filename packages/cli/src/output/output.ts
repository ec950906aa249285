import { ConfigChangedError, ConfigError } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { printableJson, printableText } from "@edgezero/faults/printable";
import { OperationError } from "@edgezero/operations/operation-error";
import { StoreError } from "@edgezero/stores/operator-store";
import { redact } from "@edgezero/stores/redact";
import { CliError } from "../cli-error.ts";
import type { ExitName } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { FaultWords } from "../fault-words.ts";
import { wordsOf } from "../fault-words.ts";
import type { Paint } from "./paint.ts";
import { paintFor } from "./paint.ts";
import type { Progress } from "./progress.ts";
import { startProgress } from "./progress.ts";

/** The version of every JSON document. It rises where a field is removed or changes its meaning. */
const JSON_VERSION = 2;

/** The end of a command. */
export interface Outcome {
  /** The command's own part of its JSON document. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The same for people, without a line feed at its end; empty: nothing is written. */
  readonly text: string;
  /** `ok` unless given. */
  readonly exit?: ExitName;
  /** What is wrong, in a sentence, where `exit` is not `ok`. */
  readonly fault?: string;
  /** Whether the outcome was written already. */
  readonly isShown?: boolean;
  /** A text that is shown although it looks like a secret: a token that was asked for. */
  readonly disclosed?: string;
}

/** Writes the text for people, or one JSON document. Secrets are taken out of both. */
export interface Output {
  readonly isJson: boolean;
  /** Styles for standard output. */
  readonly paint: Paint;
  /** Styles for standard error. */
  readonly errorPaint: Paint;
  /** Registers secrets that no output may show. */
  hide(secrets: readonly string[]): void;
  /** Writes the outcome; gives the exit code. */
  finish(outcome: Outcome): number;
  /** Writes the fault; gives the exit code. */
  fail(error: unknown): number;
  /** Writes a line beside the result on standard error; with `--json` it writes nothing. */
  say(text: string): void;
  progress(text: string): Progress;
  /** Takes the secrets out of a text. */
  readonly safe: (text: string) => string;
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
    finish({ document, text, exit = "ok", fault = "", isShown = false, disclosed }) {
      const { code } = EXIT_CODES[exit];
      if (isShown) return code;
      if (!isJson) process.stdout.write(`${shown(text, disclosed)}\n`);
      else if (exit === "ok") writeDocument(true, document, disclosed);
      else writeDocument(false, { error: errorOf(exit, fault), ...document });
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
      if (isJson) return;
      // A live line that is there gives way, and is drawn again below.
      const erase = process.stderr.isTTY ? "\r\u001B[K" : "";
      process.stderr.write(`${erase}${shown(text)}\n`);
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

/** Exit code and words of anything that was thrown. */
function describe(error: unknown): FaultWords {
  const details = {};
  if (error instanceof OperationError) return wordsOf(error);
  if (error instanceof CliError) {
    const { exit, message, hint = null } = error;
    return { exit, message, hint, details: error.details };
  }
  if (error instanceof ConfigError) {
    const exit = error instanceof ConfigChangedError ? "refused" : "usage";
    return { exit, message: error.message, hint: error.hint, details };
  }
  if (error instanceof StoreError) {
    return { exit: "store-unavailable", message: error.message, hint: null, details };
  }
  const hint = "This is a fault of edgezero-rollout itself.";
  return { exit: "internal", message: messageOf(error), hint, details };
}
