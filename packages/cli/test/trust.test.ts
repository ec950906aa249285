import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cliEnv, MAIN } from "./run-cli.ts";

/** The users `daemon` and `nobody`, by number: on every Unix, or at least nobody's files. */
const DAEMON = 1;
const NOBODY = 65_534;
const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log("skipped: a test that runs as two users needs root");

let folder: string;
/** Where the other user may write. */
let theirs: string;
let ran: string;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end as a user. */
function runAs(uid: number, command: string, args: readonly string[]): Ran {
  const { PATH } = cliEnv();
  const env = { PATH, EDGEZERO_OPERATOR: "ann@test" };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: theirs,
    uid,
    gid: uid,
    env,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** The other user does this in a shell. */
function plant(script: string): void {
  const { code, stderr } = runAs(NOBODY, "sh", ["-c", script]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

function cli(uid: number, ...args: string[]): Ran {
  return runAs(uid, process.execPath, [MAIN, ...args]);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-two-users-"));
  chmodSync(folder, 0o755);
  theirs = join(folder, "theirs");
  ran = join(folder, "theirs", "ran");
  mkdirSync(theirs);
  if (isRoot) chownSync(theirs, NOBODY, NOBODY);
  writeFileSync(join(folder, "rollout.json"), JSON.stringify(VALUES));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isRoot)("code of another user", () => {
  const STORE = ["--store", "file:../rollout.json"];

  beforeEach(() => {
    plant(`cat > edgezero.config.ts <<'END'
import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(ran)}, "by " + process.getuid());
export default { environments: { default: { store: "file:../rollout.json" } } };
END`);
  });

  test.each([
    { name: "root", uid: 0 },
    { name: "another user", uid: DAEMON },
  ])("is not run by a command of $name, and is refused by name", ({ uid }) => {
    const { code, stderr } = cli(uid, "status");
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(theirs, "edgezero.config.ts")} belongs to another user`);
    expect(stderr).toContain("EDGEZERO_TRUSTED_PATHS");
    expect(existsSync(ran)).toBe(false);
  });

  test.each([
    { args: ["status"] },
    { args: ["set", "5"] },
    { args: ["log"] },
    { args: ["doctor"] },
    { args: ["rollback", "--timeout", "2"] },
  ])("is not even looked at by $args with --store", ({ args }) => {
    const { stdout, stderr } = cli(0, ...args, ...STORE);
    expect(stdout + stderr).not.toContain("edgezero.config.ts");
    expect(stdout).not.toBe("");
    expect(existsSync(ran)).toBe(false);
  });

  test.each([{ uid: 0 }, { uid: DAEMON }, { uid: NOBODY }])(
    "is not run by a TAB of user $uid",
    ({ uid }) => {
      for (const words of [
        ["set", ""],
        ["status", "--env", ""],
      ]) {
        expect(cli(uid, "complete", "--", ...words).code).toBe(0);
      }
      expect(existsSync(ran)).toBe(false);
    },
  );

  test("is run for its own user", () => {
    expect(cli(NOBODY, "status").code).toBe(0);
    expect(readFileSync(ran, "utf8")).toBe(`by ${NOBODY}`);
  });
});

describe.skipIf(!isRoot)("a trail, head or lock that another user has planted", () => {
  const VICTIM = "precious\n";
  let victim: string;

  beforeEach(() => {
    victim = join(folder, "victim");
    writeFileSync(victim, VICTIM);
    plant(`echo '${JSON.stringify(VALUES)}' > rollout.json`);
  });

  test.each([
    {
      name: "a trail that is a link",
      script: "ln -s ../victim rollout.audit.jsonl",
      why: "is a link",
    },
    {
      name: "a trail that leads to a file that is not there",
      script: "ln -s ../created rollout.audit.jsonl",
      why: "is a link",
    },
    { name: "a trail", script: ": > rollout.audit.jsonl", why: "belongs to another user" },
    { name: "a head", script: ": > rollout.audit.head", why: "belongs to another user" },
    { name: "a lock", script: "echo {} > rollout.audit.lock", why: "belongs to another user" },
    {
      name: "a lock that is a link",
      script: "ln -s ../victim rollout.audit.lock",
      why: "is a link",
    },
    {
      name: "the file of a turn to append",
      script: "ln -s ../victim rollout.audit.appending",
      why: "is a link",
    },
  ])("$name stops a change, and touches nothing", ({ script, why }) => {
    plant(script);
    const { code, stderr } = cli(0, "set", "5", "--store", "file:./rollout.json");
    expect(stderr).toContain(why);
    expect(code).toBe(9);
    expect(readFileSync(join(theirs, "rollout.json"), "utf8")).toContain('"10"');
    expect(readFileSync(victim, "utf8")).toBe(VICTIM);
    expect(existsSync(join(folder, "created"))).toBe(false);
  });

  test("stops no rollback", () => {
    plant("ln -s ../victim rollout.audit.jsonl; ln -s ../victim rollout.audit.rollback");
    const { stdout, stderr } = cli(0, "rollback", "--store", "file:./rollout.json");
    expect(stdout + stderr).toContain("is a link");
    expect(readFileSync(join(theirs, "rollout.json"), "utf8")).toContain('"0"');
    expect(readFileSync(victim, "utf8")).toBe(VICTIM);
  });
});
