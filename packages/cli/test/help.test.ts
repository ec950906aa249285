import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";
import { MAIN } from "./run-cli.ts";

const COMMANDS = [
  ..."status set enable disable rollback init bucket simulate doctor log force-token".split(" "),
  ..."version plan preflight rehearse replay".split(" "),
  ..."start pause resume promote approve reset explain history".split(" "),
];
const SUBCOMMANDS = ["plan lint", "plan show"];

let operator: Operator;

beforeAll(() => {
  operator = createOperator();
});
afterAll(() => operator.cleanUp());

describe("help", () => {
  test.each(["", ...COMMANDS, ...SUBCOMMANDS])("of %j", async (command) => {
    const { code, stdout, stderr } = await operator.run(`${command} --help`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Examples:\n  edgezero-rollout ");
    expect(stdout).toMatchSnapshot();
  });

  test("no command at all shows the help, and is a mistake", async () => {
    const { code, stdout, stderr } = await operator.run("");
    expect(code).toBe(2);
    expect(stderr).toContain("no command was given");
    expect(stdout).toBe((await operator.run("--help")).stdout);
    const json = await operator.run("--json");
    expect(json.code).toBe(2);
  });

  test("a command that is nearly one is proposed", async () => {
    expect((await operator.run("rolback")).stderr).toContain("Did you mean rollback?");
  });

  test("the version is the package's", async () => {
    expect((await operator.run("--version")).stdout).toBe("0.1.0\n");
    expect((await operator.run("version")).stdout).toBe("0.1.0\n");
    expect((await operator.run("version --json")).document).toEqual({
      version: 2,
      ok: true,
      command: "version",
      release: "0.1.0",
    });
  });
});

/** What the shell gets for a line, without what the values mean. */
async function completed(...words: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [MAIN, "complete", "--", ...words],
    {
      cwd: operator.folder,
    },
  );
  return stdout
    .trim()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0] ?? "");
}

describe("completion", () => {
  test("of commands", async () => {
    expect(await completed("")).toEqual(expect.arrayContaining([...COMMANDS, "completion"]));
    expect(await completed("roll")).toEqual(["rollback"]);
  });

  test("of options", async () => {
    expect(await completed("rollback", "--di")).toEqual(["--disable"]);
    expect(await completed("force-token", "--path", "l")).toEqual(["legacy"]);
  });

  test("of environments, and of the stages of the plan", async () => {
    const config = {
      plan: [{ pct: 3, hold: "1h" }],
      environments: { staging: { store: "file:./a.json" }, production: { store: "file:./b.json" } },
    };
    writeFileSync(join(operator.folder, "edgezero.config.json"), JSON.stringify(config));
    expect(await completed("set", "")).toEqual(["3"]);
    expect(await completed("approve", "--stage", "")).toEqual(["1"]);
    expect(await completed("start", "--env", "pro")).toEqual(["production"]);
    expect(await completed("status", "--env", "")).toEqual(["staging", "production"]);
    expect(await completed("status", "--env", "pro")).toEqual(["production"]);
  });

  test.each(["bash", "zsh", "fish"])("the script for %s is printed", async (shell) => {
    const { code, stdout } = await operator.run(`completion ${shell}`);
    expect(code).toBe(0);
    expect(stdout).toContain("edgezero-rollout complete --");
  });

  test("the script for a shell that is none is not", async () => {
    expect((await operator.run("completion tcsh")).code).toBe(2);
  });

  test("bash takes its script, and completes with it", async () => {
    const script = `
      edgezero-rollout() { "${process.execPath}" "${MAIN}" "$@"; }
      source <(edgezero-rollout completion bash)
      COMP_WORDS=(edgezero-rollout rollb) COMP_CWORD=1 COMP_LINE="edgezero-rollout rollb" COMP_POINT=22
      $(complete -p edgezero-rollout | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      echo "found: \${COMPREPLY[*]}"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: operator.folder });
    expect(stdout).toMatch(/found: rollback/);
  });
});
