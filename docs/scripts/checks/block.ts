import { spawnSync } from "node:child_process";
import { messageOf } from "@edgezero/faults/faults";
import { parseSync } from "oxc-parser";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import type { Block } from "../blocks.ts";
import { EXECUTED } from "../executed.ts";
import { promqlFinding } from "./promql.ts";

/** The check of a block, by its language. It gives a fault or `null`, or throws. */
const CHECKS: Readonly<Record<string, (block: Block) => string | null>> = {
  // TypeScript is checked for all blocks at once, by the compiler.
  ts: () => null,
  json: ({ text }) => parsed(() => JSON.parse(text)),
  jsonc: ({ text }) => parseSync("block.js", `(${text})`).errors[0]?.message ?? null,
  toml: ({ text }) => parsed(() => parseToml(text)),
  yaml: ({ text }) => parsed(() => parseYaml(text, { strict: true })),
  promql: ({ text }) => promqlFinding(text),
  sh: shellFinding,
  text: ({ directives }) =>
    directives.output === undefined ? "text must be the output of the block before it" : null,
};

/** The fault of a block, or `null`. */
export function blockFinding(block: Block): string | null {
  const { language, directives } = block;
  const reason = directives["not run"];
  if (reason === "") return "it is not run, and does not say why";
  const check = CHECKS[language];
  if (reason !== undefined && language !== "sh") return null;
  if (check === undefined) {
    return `nothing checks the language ${JSON.stringify(language)}: say why it is not run`;
  }
  return check(block);
}

function shellFinding({ document, directives, text }: Block): string | null {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
  if (status !== 0) return stderr.trim();
  const isRun = (EXECUTED as readonly string[]).includes(document);
  return isRun || directives["not run"] !== undefined
    ? null
    : "it is not run by test/pages-run.test.ts, and does not say why";
}

function parsed(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
