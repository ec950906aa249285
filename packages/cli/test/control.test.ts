import { afterEach, describe, expect, test, vi } from "vitest";
import type { LedSite } from "./led-site.ts";
import { startLedSite } from "./led-site.ts";

const TOKEN = "a-token-of-a-controller-that-is-long-enough";

let site: LedSite;
afterEach(async () => site.stop());

async function stateIs(state: string): Promise<void> {
  await expect.poll(async () => (await site.view()).state, { timeout: 90_000 }).toBe(state);
}

async function pctIs(pct: number): Promise<void> {
  await expect.poll(async () => (await site.view()).pct).toBe(pct);
}

test("an operator leads a rollout through a controller, and a rollback of the command stands", async () => {
  site = await startLedSite();
  await pctIs(0);
  const early = await site.run("promote");
  expect(early).toMatchObject({ code: 3, stdout: "" });
  expect(early.stderr).toContain("production: No rollout is under way. Begin one with start.");

  const start = await site.run('start -m "release 12" --json');
  expect(start.code).toBe(0);
  expect(start.document).toMatchObject({
    ok: true,
    command: "start",
    environment: "production",
    controller: site.controller.url,
    answer: { accepted: true, repeated: false, sentence: "The rollout starts." },
  });
  const again = await site.run("start --json");
  expect(again.document).toMatchObject({
    ok: false,
    error: { code: "refused", exitCode: 3, answer: { accepted: false } },
  });
  expect((await site.view()).timeline.map(({ who, reason }) => [who, reason])).toContainEqual([
    "ann@test",
    "release 12",
  ]);

  await stateIs("observing");
  // It waits two seconds for the controller, which a busy one may not meet.
  const status = await vi.waitFor(async () => {
    const seen = await site.run("status");
    expect(seen.stdout).toMatch(/^ {2}rail: \[10% .* of 10 m \(approval\)\] · 50%$/m);
    return seen;
  }, 60_000);
  expect(status.code).toBe(0);
  expect(status.stdout).toMatch(
    /^ {2}errors {2}0\.00% against 0\.00% · margin 0\.50 · \d+% of the evidence to roll back · /m,
  );
  // The hold by the trail is another one, and is not shown beside the controller's.
  expect(status.stdout).not.toMatch(/^plan /m);
  expect((await site.run("approve --stage 2")).stderr).toContain("The rollout is at stage 1");
  expect((await site.run("approve --stage 1")).stdout).toBe("production: Stage 1 is approved.\n");
  expect((await site.run("pause")).code).toBe(0);
  const explained = await site.run("explain");
  expect(explained.code).toBe(0);
  expect(explained.stdout).toContain("paused");
  expect(explained.stdout).toContain("ann@test: ");
  const past = await site.run("history");
  expect(past.stdout).toMatch(/^ {2}\S+Z {2}observing/m);
  expect(past.stdout).toMatch(/^ {2}\S+Z {2}10%$/m);
  const saved = await site.run("history --recording windows.ndjson --json");
  expect(saved.document).toMatchObject({ environment: "production", recording: "windows.ndjson" });
  const replayed = await site.run("replay --recording windows.ndjson --json");
  expect(replayed.document).toMatchObject({ ok: true, recording: "windows.ndjson" });
  expect((await site.run("history --from yesterday")).stderr).toContain("from: a time such as");
  const numbers = await site.run("explain --json");
  expect(numbers.document).toMatchObject({
    environment: "production",
    controller: {
      view: { state: "paused", signals: [{ name: "errors", basis: {} }] },
      finding: null,
    },
  });
  expect((await site.run("resume")).code).toBe(0);
  expect((await site.run("reset --keep")).code).toBe(0);
  const beside = await site.run("set 20 --dry-run --force -m trying");
  expect(beside.stderr).toContain("a controller leads this rollout (");

  // The promotion comes back to a stage whose approval the reset took.
  const back = await site.run("rollback --accept-unverified -m errors");
  expect(back.code).toBe(0);
  await stateIs("rolled-back");
  // It would take three windows to raise it again.
  const since = (await site.view()).at;
  await expect.poll(async () => (await site.view()).at).toBeGreaterThan(since + 5000);
  expect(site.operator.values()).toMatchObject({ edgezero_rollout_pct: "0" });
  expect((await site.run("start")).stderr).toContain("Reset it, then start again.");
  expect((await site.run("reset")).code).toBe(0);
  await stateIs("idle");
  expect((await site.run("log --verify")).code).toBe(0);
}, 180_000);

describe("a rollback of the command is not undone", () => {
  test("while the rollout learns from legacy", async () => {
    // It learns in 20 windows, which must not pass before the rollback.
    site = await startLedSite({ window: "2s" });
    await pctIs(0);
    expect((await site.run("start")).code).toBe(0);
    await site.run("rollback --accept-unverified");
    await stateIs("idle");
    expect(site.operator.values()).toMatchObject({ edgezero_rollout_pct: "0" });
  }, 120_000);

  test("while the first stage has not arrived, whose 0 before is the rollback's own value", async () => {
    site = await startLedSite();
    site.isDeaf = true;
    await pctIs(0);
    await site.run("start");
    await expect.poll(async () => (await site.view()).stage, { timeout: 60_000 }).toBe(1);
    await site.run("rollback --accept-unverified");
    await stateIs("rolled-back");
    expect(site.operator.values()).toMatchObject({ edgezero_rollout_pct: "0" });
  }, 120_000);

  test("while the controller hangs", async () => {
    site = await startLedSite();
    await pctIs(0);
    await site.run("start");
    await stateIs("observing");
    site.controller.process.kill("SIGSTOP");
    const back = await site.run("rollback --accept-unverified");
    expect(back.code).toBe(0);
    site.controller.process.kill("SIGCONT");
    await stateIs("rolled-back");
    expect(site.operator.values()).toMatchObject({ edgezero_rollout_pct: "0" });
  }, 120_000);
});

describe("a controller that cannot be used", () => {
  test("that is gone: commands say so, and status and rollback work", async () => {
    site = await startLedSite();
    const { url } = site.controller;
    await site.controller.end("SIGKILL");
    for (const command of ["start", "explain", "approve --stage 1"]) {
      const { code, stdout, stderr } = await site.run(command);
      expect({ code, stdout }).toEqual({ code: 13, stdout: "" });
      expect(stderr).toContain(`the controller at ${url} cannot be reached: connect ECONNREFUSED`);
    }
    const status = await site.run("status");
    expect(status.code).toBe(0);
    expect(status.stdout).toContain("edgezero_rollout_pct");
    expect(status.stdout).toContain("controller: NOT SEEN, and nothing is known of what it does");
    const json = await site.run("status --json");
    expect(json.document).toMatchObject({
      ok: true,
      controller: { url, view: null, finding: { code: "unreachable", mayBeDone: false } },
    });
    site.operator.put({ edgezero_enabled: "true", edgezero_rollout_pct: "10" });
    expect((await site.run("rollback --accept-unverified")).code).toBe(0);
  });

  test("that hangs: a command may have been carried out, and status does not wait for it", async () => {
    site = await startLedSite();
    site.controller.process.kill("SIGSTOP");
    const [status, start] = await Promise.all([site.run("status"), site.run("start --json")]);
    expect(status.code).toBe(0);
    expect(status.stdout).toContain("gave no answer: the time was up");
    expect(start.code).toBe(14);
    expect(start.document).toMatchObject({
      error: {
        code: "unanswered",
        finding: "silent",
        message: expect.stringContaining("start MAY HAVE BEEN CARRIED OUT"),
      },
    });
  });

  test("whose token is another one, or is not given: it is named, and never shown", async () => {
    site = await startLedSite({ token: TOKEN });
    const other = "another-token-that-is-not-the-controllers";
    const wrong = await site.run("pause", { TOKEN: other });
    expect(wrong.code).toBe(13);
    expect(wrong.stderr).toContain("asks for its token: that in TOKEN is not its own");
    expect(wrong.stdout + wrong.stderr).not.toContain(other);
    const absent = await site.run("pause");
    expect(absent.code).toBe(2);
    expect(absent.stderr).toContain("TOKEN is not set");
    const status = await site.run("status");
    expect(status.code).toBe(0);
    expect(status.stdout).toContain(
      "NOT SEEN, and nothing is known of what it does: TOKEN is not set",
    );
    const named = await site.run(`pause --controller ${site.controller.url} --env elsewhere`);
    expect(named.stderr).toContain("asks for its token, and CONTROLLER_TOKEN is not set");
    expect((await site.run("explain", { TOKEN })).code).toBe(0);
  });

  test("that leads other environments, or is no controller at all", async () => {
    site = await startLedSite();
    const { url } = site.controller;
    const other = await site.run(`start --controller ${url} --env staging`);
    expect(other.code).toBe(13);
    expect(other.stderr).toContain('does not lead an environment "staging"');
    expect(other.stderr).toContain("It leads: production.");
    const none = await site.run(`start --controller ${url}/elsewhere --env production`);
    expect(none).toMatchObject({ code: 13 });
    const anonymous = await site.run(`explain --controller ${url}`, {
      EDGEZERO_STORE: "file:./other.json",
    });
    expect(anonymous.code).toBe(2);
    expect(anonymous.stderr).toContain("Give --env <name>.");
  });
});
