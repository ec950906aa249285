import { currentHolder, holderText } from "../audit/change-lock.ts";
import { endProblem, readHead } from "../audit/head.ts";
import { readTrail } from "../audit/read-trail.ts";
import { messageOf } from "../cli-error.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { findConfig, loadConfig } from "../config/load-config.ts";
import type { Target } from "../config/target.ts";
import { targetOf } from "../config/target.ts";
import { aligned } from "../output/aligned.ts";
import type { Outcome, Output } from "../output/output.ts";
import { passwordsOf } from "../output/redact.ts";
import type { Reading } from "../rollout/reading.ts";
import { meaningOf, readingOf, valuesText } from "../rollout/reading.ts";
import type { CommonOptions } from "../session.ts";
import { openStore } from "../stores/open-store.ts";
import type { OperatorStore } from "../stores/operator-store.ts";
import { VERSION } from "../version.ts";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";
import { gatewayFindings } from "./gateway-findings.ts";

/** The options of `doctor`. */
export interface DoctorOptions extends CommonOptions {
  readonly url: readonly string[];
  readonly probes: number;
}

/** `doctor`: looks at everything that a rollout stands on, and says what to do about what is not well. */
export async function doctor(output: Output, options: DoctorOptions): Promise<Outcome> {
  const progress = output.progress("examining");
  const findings: Finding[] = [
    good(
      "versions",
      `edgezero-rollout ${VERSION}, Node ${process.versions.node}, ${process.platform}`,
    ),
  ];
  let store: OperatorStore | null = null;
  try {
    const loaded = await examineConfig(options, findings);
    const target = examineTarget(options, loaded, findings);
    if (target !== null) {
      output.hide(passwordsOf(target.storeUrl));
      store = await openStore(target.storeUrl, process.env).catch((error: unknown) => {
        findings.push(bad("store", messageOf(error), "Mend the URL, the token or the network."));
        return null;
      });
    }
    const reading = store === null ? null : await examineStore(store, findings);
    if (target !== null) await examineTrail(target, findings);
    for (const url of options.url) {
      progress.update(`probing ${url}`);
      findings.push(...(await gatewayFindings(url, options.probes, reading)));
    }
  } finally {
    progress.stop();
    await store?.close();
  }
  return outcomeOf(findings, output);
}

function outcomeOf(findings: readonly Finding[], { paint }: Output): Outcome {
  const marks = { ok: paint.good("ok"), warning: paint.warn("warning"), bad: paint.bad("bad") };
  const rows = findings.flatMap(({ check, level, message, todo }) => [
    [marks[level], check, message],
    ...(todo === null ? [] : [["", "", `→ ${todo}`]]),
  ]);
  const worst = findings.filter(({ level }) => level === "bad");
  const error = {
    ...{ code: "unhealthy", exitCode: 10 },
    message: worst.map(({ message }) => message).join("; "),
  };
  return {
    exit: worst.length > 0 ? "unhealthy" : "ok",
    text: aligned(rows),
    document: { findings, ...(worst.length > 0 && { error }) },
  };
}

async function examineConfig(
  options: DoctorOptions,
  findings: Finding[],
): Promise<LoadedConfig | null> {
  try {
    const loaded = await loadConfig(options.config, process.cwd());
    if (loaded === null) {
      findings.push(warning("config", "there is no config file, so no plan holds", "Run `init`."));
    } else if (loaded.config.plan === undefined) {
      findings.push(
        good("config", `${loaded.path} is valid, and has no plan for all environments`),
      );
    } else {
      findings.push(good("config", `${loaded.path} is valid`));
    }
    return loaded;
  } catch (error) {
    const path = options.config ?? findConfig(process.cwd());
    findings.push(
      bad("config", messageOf(error), `Mend ${path}. \`rollback --store\` works without it.`),
    );
    return null;
  }
}

function examineTarget(
  options: DoctorOptions,
  loaded: LoadedConfig | null,
  findings: Finding[],
): Target | null {
  try {
    return targetOf(options, process.env, process.cwd(), loaded);
  } catch (error) {
    findings.push(bad("store", messageOf(error), "Give --store, or set EDGEZERO_STORE."));
    return null;
  }
}

async function examineStore(store: OperatorStore, findings: Finding[]): Promise<Reading | null> {
  const startedAt = performance.now();
  let reading: Reading;
  try {
    reading = await readingOf(await store.read());
  } catch (error) {
    const todo = "See that it is there and can be reached; `init` creates what is missing.";
    findings.push(bad("store", messageOf(error), todo));
    return null;
  }
  const ms = (performance.now() - startedAt).toFixed(0);
  findings.push(good("store", `${store.location} was read in ${ms} ms`));
  findings.push(keyFinding(reading));
  try {
    await store.checkWritable?.();
    const message =
      store.checkWritable === undefined ? "cannot be told without writing" : "may be written";
    findings.push(good("permission", message));
  } catch (error) {
    findings.push(
      bad(
        "permission",
        messageOf(error),
        "A rollback would fail: give this user the right to write.",
      ),
    );
  }
  return reading;
}

function keyFinding(reading: Reading): Finding {
  const { values, storedPct } = reading;
  const shown = valuesText(values);
  if (Object.values(values).includes(null)) {
    return warning(
      "keys",
      `${shown}: every client goes to legacy`,
      "Run `init`: it creates what is missing.",
    );
  }
  if (storedPct === null) {
    return bad(
      "keys",
      `${shown}: the percentage is not one`,
      "Run `set 0`, or the percentage that is meant.",
    );
  }
  return good("keys", `${shown}: ${meaningOf(reading)}`);
}

async function examineTrail({ trail: files }: Target, findings: Finding[]): Promise<void> {
  try {
    const trail = await readTrail(files.trail);
    const head = await readHead(files);
    const end = head === null ? null : endProblem(trail, head);
    const [problem = end] = trail.problems;
    if (problem) {
      const message = `${files.trail}, line ${problem.line}: ${problem.problem}`;
      findings.push(
        bad("audit trail", message, "Run `log --verify`, and find out who changed it."),
      );
    } else if (trail.torn.length > 0) {
      findings.push(
        warning(
          "audit trail",
          "its last line is torn: a process was killed",
          "The next write heals it.",
        ),
      );
    } else {
      findings.push(good("audit trail", `${files.trail}: ${trail.entries.length} entries, whole`));
    }
    const last = trail.entries.at(-1)?.at;
    if (last !== undefined && Date.parse(last) > Date.now() + 1000) {
      findings.push(
        bad(
          "clock",
          `the trail's last entry is of the future: ${last}`,
          "Set this machine's clock.",
        ),
      );
    }
  } catch (error) {
    findings.push(
      bad(
        "audit trail",
        messageOf(error),
        `Mend ${files.trail}: only \`rollback\` works without it.`,
      ),
    );
  }
  const holder = await currentHolder(files);
  if (holder !== null) findings.push(warning("lock", holderText(holder), "Wait until it is done."));
}
