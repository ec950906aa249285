import { messageOf } from "@edgezero/faults/faults";
import type { Reading } from "@edgezero/operations/reading";
import { readingOf } from "@edgezero/operations/reading";
import { StoreError } from "@edgezero/stores/operator-store";
import { NO_VALUES } from "@edgezero/stores/stored-values";
import { lookDocument, lookLines } from "@edgezero/control-api/look-text";
import type { CommonOptions, Context } from "../../context.ts";
import { findTarget, withOperation } from "../../context.ts";
import type { ExitName } from "../../exit-codes.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { lookBeside } from "../control/reach.ts";
import type { GatewayOptions, Gateways } from "../gateways.ts";
import { usableGatewaysOf } from "../gateways.ts";
import { configuredStatus } from "./configured-status.ts";
import type { Probed } from "./probed.ts";
import { probeAll } from "./probed.ts";
import { servedOutcome, surveyAll } from "./served.ts";
import { watchStatus } from "./watch-status.ts";

/** The options of `status`. */
export interface StatusOptions extends CommonOptions, GatewayOptions {
  /** Probes for each gateway, where they are not signed. */
  readonly probes: number;
  /** The controller, where it is not that of the config file. */
  readonly controller?: string | undefined;
  readonly watch?: boolean | undefined;
}

/** `status`: shows the configured values, and with `--url` the served ones. */
export async function status(output: Output, options: StatusOptions): Promise<Outcome> {
  try {
    return await withOperation(output, options, async (context) => {
      const gateways = usableGatewaysOf(output, options, context.target);
      return options.watch
        ? watchStatus(output, async () => statusOf(context, gateways, options))
        : statusOf(context, gateways, options);
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return servedAlone(output, options, error);
  }
}

async function statusOf(
  context: Context,
  gateways: Gateways,
  options: StatusOptions,
): Promise<Outcome> {
  const looking = lookBeside(context, options);
  // Where the store cannot be read, that comes first.
  looking.catch(() => {});
  const configured = await configuredStatus(context, looking);
  const beside = await looking;
  const { rolloutPct: pct, epoch } = configured.reading.state;
  const led = beside === null ? [] : lookLines(beside.url, beside.look, { pct, epoch });
  const controller = beside === null ? null : lookDocument(beside.url, beside.look);
  const document = { ...configured.document, controller };
  const lines = [configured.text, ...led];
  if (gateways.urls.length === 0) {
    return { text: lines.join("\n"), document: { ...document, served: null, agree: null } };
  }
  const served = await look(context.output, gateways, options.probes, configured.reading);
  const exit = exitOf(served.agree);
  return {
    exit,
    fault: FAULTS[exit],
    text: [...lines, served.text].join("\n"),
    document: { ...document, ...served.document },
  };
}

/** What is served, while the store cannot be read. @throws StoreError where no gateway is named */
async function servedAlone(
  output: Output,
  options: StatusOptions,
  error: StoreError,
): Promise<Outcome> {
  const { target } = await findTarget(options);
  const gateways = usableGatewaysOf(output, options, target);
  if (gateways.urls.length === 0) throw error;
  const message = messageOf(error);
  output.say(`${output.errorPaint.bad("error:")} ${message}`);
  const served = await look(output, gateways, options.probes, null);
  return {
    exit: "store-unavailable",
    fault: message,
    text: served.text,
    document: { ...served.document, agree: null },
  };
}

async function look(
  output: Output,
  gateways: Gateways,
  probes: number,
  reading: Reading | null,
): Promise<Probed> {
  if (gateways.secret !== null) return probeAll(output, gateways, reading);
  const known = reading ?? (await readingOf(NO_VALUES));
  const surveys = await surveyAll(output, gateways.urls, probes, known);
  return servedOutcome(output, surveys, reading, gateways.means.instances);
}

function exitOf(agree: boolean | null): "ok" | "disagree" | "cannot-tell" {
  if (agree === null) return "cannot-tell";
  return agree ? "ok" : "disagree";
}

const FAULTS = {
  ok: "",
  disagree: "what is served is not what is configured",
  "cannot-tell": "cannot tell whether gateways serve the configured values",
} as const satisfies Partial<Record<ExitName, string>>;
