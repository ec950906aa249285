import type { LoadedConfig, Target } from "@edgezero/config";
import { findConfig, loadConfig, targetOf } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { passwordsOf } from "@edgezero/stores/redact";
import type { CommonOptions } from "../../context.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { VERSION } from "../../version.ts";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";
import { gatewayFindings } from "./gateway-findings.ts";
import type { GatewayOptions } from "../gateways.ts";
import { gatewaysOf } from "../gateways.ts";
import { proofFindings, secretFindings } from "./proof-findings.ts";
import { coordinationFindings, journalFindings } from "./journal-findings.ts";
import { examineStore } from "./store-findings.ts";

/** The options of `doctor`. */
export interface DoctorOptions extends CommonOptions, GatewayOptions {
  readonly probes: number;
}

/** `doctor`: checks all that a rollout needs, and says what to do about each fault. */
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
        findings.push(bad("store", messageOf(error), "Fix the URL, the token or the network."));
        return null;
      });
    }
    const reading = store === null ? null : await examineStore(store, findings);
    if (target !== null) {
      const journal = openFileJournal(target.trailPath);
      findings.push(...(await journalFindings(journal)));
      findings.push(...(await coordinationFindings(store, journal)));
    }
    const gateways = gatewaysOf(output, options, target ?? { storeUrl: "" });
    findings.push(...secretFindings(gateways));
    for (const url of gateways.urls) {
      progress.update(`probing ${url}`);
      findings.push(
        ...(await gatewayFindings(url, options.probes, reading, gateways.secret !== null)),
      );
    }
    findings.push(...(await proofFindings(output, gateways, reading)));
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
  return {
    exit: worst.length > 0 ? "unhealthy" : "ok",
    text: aligned(rows),
    fault: worst.map(({ message }) => message).join("; "),
    document: { findings },
  };
}

async function examineConfig(
  options: DoctorOptions,
  findings: Finding[],
): Promise<LoadedConfig | null> {
  try {
    const loaded = await loadConfig(options, process.cwd());
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
      bad("config", messageOf(error), `Fix ${path}. \`rollback --store\` works without it.`),
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
