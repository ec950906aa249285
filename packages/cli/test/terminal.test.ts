import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startFakeGateway } from "./fake-gateway.ts";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { cliEnv, MAIN } from "./run-cli.ts";

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

interface TerminalRun {
  readonly code: number;
  /** All that the terminal has got, control characters included. */
  readonly raw: string;
  readonly text: string;
}

/** Runs the command in a pseudo-terminal; `react` gets what was written so far, and may type. */
async function inTerminal(
  args: string[],
  react: (text: string, type: (keys: string) => void) => void = () => {},
  env: Record<string, string> = {},
): Promise<TerminalRun> {
  const terminal = spawn(process.execPath, [MAIN, ...args], {
    cols: 100,
    cwd: operator.folder,
    env: cliEnv({ EDGEZERO_STORE: "file:./rollout.json", TERM: "xterm-256color", ...env }),
  });
  let raw = "";
  terminal.onData((data) => {
    raw += data;
    react(stripVTControlCharacters(raw), (keys) => terminal.write(keys));
  });
  const { exitCode } = await new Promise<{ exitCode: number }>((resolve) =>
    terminal.onExit(resolve),
  );
  return { code: exitCode, raw, text: stripVTControlCharacters(raw) };
}

/** Types once, as soon as `prompt` is there. */
function answer(prompt: string, keys: string): Parameters<typeof inTerminal>[1] {
  let isDone = false;
  return (text, type) => {
    if (isDone || !text.includes(prompt)) return;
    isDone = true;
    type(keys);
  };
}

const ESCAPE = String.fromCharCode(27);

describe("the question", () => {
  test.each(["y\r", "yes\r", "Y\r"])("is answered with a yes by %j", async (keys) => {
    const { code, text } = await inTerminal(["set", "20"], answer("[y/N]", keys));
    expect(text).toContain("10% → 20%: about 1 in 10 clients move to EdgeZero; nobody moves back");
    expect(text).toContain(`Write 20 to file:${operator.path}? [y/N]`);
    expect(text).toContain("written and read back");
    expect(code).toBe(0);
    expect(operator.values()["edgezero_rollout_pct"]).toBe("20");
  });

  test.each([
    ["n", "n\r"],
    ["Enter alone", "\r"],
    ["something else", "yeah\r"],
    ["Control-C", "\u0003"],
    ["Control-D", "\u0004"],
  ])("is answered with a no by %s", async (_, keys) => {
    const { code, text } = await inTerminal(["set", "20"], answer("[y/N]", keys));
    expect(code).toBe(3);
    expect(text).toContain("not confirmed: nothing was written");
    expect(operator.values()).toEqual(AT_10);
  });

  test("what has changed while it stood is not overwritten", async () => {
    let isChanged = false;
    const { code, text } = await inTerminal(["set", "20"], (shown, type) => {
      if (isChanged || !shown.includes("[y/N]")) return;
      isChanged = true;
      operator.put({ ...AT_10, edgezero_rollout_pct: "0" });
      type("y\r");
    });
    expect(code).toBe(3);
    expect(text).toContain("the store has changed meanwhile");
    expect(operator.values()["edgezero_rollout_pct"]).toBe("0");
  });

  test.each([["set", "5"], ["disable"], ["rollback"], ["set", "20", "--yes"]])(
    "is not asked by %s %s %s",
    async (...args) => {
      const { code, text } = await inTerminal(args.filter(Boolean));
      expect(code).toBe(args[0] === "rollback" ? 7 : 0);
      expect(text).not.toContain("[y/N]");
    },
  );
});

describe("colour", () => {
  test("is there on a terminal", async () => {
    expect((await inTerminal(["status"])).raw).toContain(`${ESCAPE}[`);
    const refused = await inTerminal(["set", "x"]);
    expect(refused.raw).toContain(`${ESCAPE}[31merror:`);
  });

  test("is not there with NO_COLOR", async () => {
    expect((await inTerminal(["status"], undefined, { NO_COLOR: "1" })).raw).not.toContain(
      `${ESCAPE}[3`,
    );
  });

  test("is not there in a pipe, nor any other control character", async () => {
    for (const args of ["status", "set 5", "log", "rollback", "doctor", "set x"]) {
      const { stdout, stderr } = await operator.run(args);
      expect(stdout + stderr).not.toContain(ESCAPE);
    }
  });

  test("columns are aligned whatever their colour", async () => {
    const { text } = await inTerminal(["status"]);
    const [, ...rows] = text.split("\r\n");
    const starts = rows.slice(0, 4).map((row) => /^\S+(?:,? \S+)* {2,}/.exec(row)?.[0].length);
    expect(new Set(starts).size).toBe(1);
  });
});

describe("the live line", () => {
  test("shows what takes longer than a second, and is taken away", async () => {
    const gateway = await startFakeGateway(() => {});
    const { raw } = await inTerminal(["rollback", "--timeout", "6", "--url", gateway.url]);
    gateway.close();
    // After two seconds it says that the probes get no answer.
    expect(raw).toMatch(
      /0 is written; (?:waiting for proof of what is served|\S+: [^(]+) \(\d s\)/,
    );
    const [, after = ""] = raw.split("NOT verified");
    expect(after).not.toContain("0 is written");
  });

  test("is not there in a pipe, nor with --json", async () => {
    const gateway = await startFakeGateway(() => {});
    const piped = await operator.run(`rollback --timeout 2 --url ${gateway.url}`);
    const json = await inTerminal(["rollback", "--json", "--timeout", "2", "--url", gateway.url]);
    gateway.close();
    expect(piped.stdout + piped.stderr).not.toContain("waiting for");
    expect(json.raw).not.toContain("waiting for");
  });
});

test("Control-C while it is proven says what is written, and what is not known", async () => {
  const gateway = await startFakeGateway(() => {});
  let isTyped = false;
  const { code, text } = await inTerminal(["rollback", "--url", gateway.url], (shown, type) => {
    if (isTyped || !shown.includes("0 is written")) return;
    isTyped = true;
    type("\u0003");
  });
  gateway.close();
  expect(text).toMatch(/Rolled back in the store\. NOT verified: .*stopped before it was proven/);
  expect(code).toBe(7);
  expect(operator.values()["edgezero_rollout_pct"]).toBe("0");
});

test("status --watch shows a change in place, and ends with Control-C", async () => {
  let step = 0;
  const { code, raw, text } = await inTerminal(["status", "--watch"], (shown, type) => {
    if (step === 0 && shown.includes("at 10%")) {
      step = 1;
      operator.put({ ...AT_10, edgezero_rollout_pct: "30" });
    } else if (step === 1 && shown.includes("at 30%")) {
      step = 2;
      type("\u0003");
    }
  });
  expect(step).toBe(2);
  expect(code).toBe(0);
  expect(text).toContain("at 30%");
  // Up by the lines that it has, so that the screen does not fill.
  expect(raw).toContain(`${ESCAPE}[6A`);
});

test("what a file of others holds does not steer the terminal", async () => {
  operator.put({
    edgezero_enabled: `${ESCAPE}[2Jtrue`,
    edgezero_rollout_pct: `${ESCAPE}]0;x\u0007`,
  });
  await operator.run("set 5 --as evil");
  const { raw } = await inTerminal(["status"], undefined, { NO_COLOR: "1" });
  expect(raw).not.toContain(`${ESCAPE}[2J`);
  expect(raw).not.toContain(`${ESCAPE}]0`);
  writeFileSync(operator.path, "{");
  expect((await inTerminal(["status"])).code).toBe(5);
});
