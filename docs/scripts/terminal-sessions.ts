import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { startConfiguredGateway } from "./node-gateway.ts";
import { REPOSITORY } from "./pages.ts";

const MAIN = join(REPOSITORY, "packages", "cli", "src", "main.ts");

const SECRET = "the PROBE_SECRET of the gateways";

/** What a terminal shows after some commands, with its colours as escapes. */
export interface TerminalSession {
  readonly name: string;
  readonly text: string;
}

/** Commands on a real gateway and a real config file, as the screenshots show them. */
export async function terminalSessions(): Promise<TerminalSession[]> {
  const gateway = await startConfiguredGateway(
    { edgezero_enabled: "true", edgezero_rollout_pct: "0" },
    { TRUST_PROXY: "loopback", ATTRIBUTION: "detail", PROBE_SECRET: SECRET },
  );
  const home = mkdtempSync(join(tmpdir(), "edgezero-home-"));
  // The reader's folders and port, in place of those of this run.
  const shown = (text: string): string =>
    text
      .replaceAll(dirname(gateway.config), "/srv/shop")
      .replaceAll(new URL(gateway.url).host, "127.0.0.1:8787");

  async function run(...args: string[]): Promise<string> {
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      FORCE_COLOR: "1",
      EDGEZERO_STORE: `file:${gateway.config}`,
      EDGEZERO_OPERATOR: "ann",
      EDGEZERO_PROBE_SECRET: SECRET,
    };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...args], {
      cwd: home,
      env,
    });
    const typed = args.map((arg) => (arg.includes(" ") ? `"${arg}"` : arg)).join(" ");
    return shown(`\u001b[1m$ edgezero-rollout ${typed}\u001b[22m\n${stderr}${stdout}`);
  }

  try {
    await run("set", "1", "--yes", "--reason", "stage 1");
    await run("set", "10", "--yes", "--reason", "stage 2");
    const rollback = [
      await run("status", "--url", gateway.url),
      await run("rollback", "--url", gateway.url, "--reason", "errors on checkout"),
    ];
    const log = [await run("log"), await run("log", "--verify")];
    return [
      { name: "rollback", text: rollback.join("\n") },
      { name: "log", text: log.join("\n") },
    ];
  } finally {
    await gateway.stop();
    rmSync(home, { recursive: true });
  }
}
