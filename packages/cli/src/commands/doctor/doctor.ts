import type { LoadedConfig, Target } from "@edgezero/config";
import { findConfig, loadConfig, targetOf } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { openJournal } from "@edgezero/operations/journal/open-journal";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { CommonOptions } from "../../context.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { VERSION } from "../../version.ts";
import { brokenConfigFinding, configFinding } from "@edgezero/operations/doctor/config-findings";
import type { Finding } from "@edgezero/operations/doctor/finding";
import { bad, findingRows, good } from "@edgezero/operations/doctor/finding";
import type { GatewayOptions } from "../gateways.ts";
import { gatewaysOf } from "../gateways.ts";
import { watchGateways } from "../watch-gateways.ts";
import { gatewayFindings, secretFindings } from "@edgezero/operations/doctor/gateway-findings";
import {
  coordinationFindings,
  journalFindings,
} from "@edgezero/operations/doctor/journal-findings";
import { proxyFindings } from "@edgezero/operations/doctor/proxy-findings";
import { examineStore } from "@edgezero/operations/doctor/store-findings";
import { standingClaim } from "@edgezero/operations/proof/claim";

const WATCH_MS = 10_000;

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
      output.hide(target.secrets);
      store = await openStore(target.storeUrl, process.env).catch((error: unknown) => {
        findings.push(bad("store", messageOf(error), "Fix the URL, the token or the network."));
        return null;
      });
    }
    const reading = store === null ? null : await examineStore(store, findings);
    if (target !== null) {
      const journal = await openJournal(target.journal);
      findings.push(...(await journalFindings(journal)));
      findings.push(...(await coordinationFindings(store, journal, target)));
    }
    const gateways = gatewaysOf(output, options, target ?? { storeUrl: "" });
    findings.push(...proxyFindings(target?.storeUrl ?? "", gateways.urls, process.env));
    findings.push(...secretFindings(gateways));
    const { secret } = gateways;
    const claim = secret === null || reading === null ? null : standingClaim(reading.state);
    const proofs = claim && (await watchGateways(output, gateways, claim, WATCH_MS));
    for (const url of gateways.urls) {
      progress.update(`probing ${url}`);
      const proof = proofs?.find((each) => each.url === url) ?? null;
      const { probes } = options;
      findings.push(...(await gatewayFindings({ url, proof, reading, probes, secret })));
    }
  } finally {
    progress.stop();
    await store?.close();
  }
  return outcomeOf(findings, output);
}

function outcomeOf(findings: readonly Finding[], { paint }: Output): Outcome {
  const marks = { ok: paint.good("ok"), warning: paint.warn("warning"), bad: paint.bad("bad") };
  const worst = findings.filter(({ level }) => level === "bad");
  return {
    exit: worst.length > 0 ? "unhealthy" : "ok",
    text: aligned(findingRows(findings, marks)),
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
    findings.push(configFinding(loaded));
    return loaded;
  } catch (error) {
    const path = options.config ?? findConfig(process.cwd());
    findings.push(brokenConfigFinding(path, messageOf(error)));
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
