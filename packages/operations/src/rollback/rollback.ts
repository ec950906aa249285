import { withDeadline } from "@edgezero/faults/deadline";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Journal } from "../journal/journal.ts";
import { coordinationOf } from "../operation.ts";
import type { Claim } from "../proof/claim.ts";
import { proofFinding } from "../proof/finding.ts";
import type { Proof } from "../proof/prove.ts";
import { unproven } from "../proof/prove.ts";
import { countsOf } from "../proof/watch-counts.ts";
import type { GatewayProof, WatchOptions } from "../proof/watch-gateway.ts";
import { watchGateway } from "../proof/watch-gateway.ts";
import { proveZero } from "./prove-zero.ts";
import { recordRollback } from "./record-rollback.ts";
import type { RollbackCourse, RollbackReport } from "./report.ts";
import { rollbackOutcome } from "./report.ts";
import { STOPPED } from "./stopped.ts";
import { claimOf, writeZero } from "./write-zero.ts";
import { zeroChanges } from "./zero.ts";

const CLOSE_MS = 1000;
/** After this time most gateways have shown that they are at zero. */
const FIRST_LOOK_MS = 200;

/** Something that happened in a rollback, while it goes on. */
export type RollbackEvent =
  /** An attempt to write failed; the next one follows. */
  | { readonly kind: "retrying"; readonly fault: string }
  /** The store was written, or given up; the gateways are being watched. */
  | { readonly kind: "proving" }
  /** A gateway answered: its verdict so far. */
  | { readonly kind: "answered"; readonly url: string; readonly proof: Proof };

/** A rollback that is wanted. */
export interface RollbackRequest {
  readonly open: () => Promise<OperatorStore>;
  /** The store, without credentials, where it cannot be opened. */
  readonly location: string;
  /**
   * Finds the journal. Called only after the write, since nothing may delay that. Must not reject: a
   * journal that cannot be used shows itself when it is written.
   */
  readonly openJournal: () => Promise<Journal>;
  readonly disable: boolean;
  readonly who: string;
  readonly reason: string | null;
  /** The gateways that must prove that they serve zero. */
  readonly urls: readonly string[];
  /** Signs the probes; `null` where there is no secret, and they are ordinary requests. */
  readonly secret: string | null;
  /** Why a secret that is there cannot be used; such gateways cannot be proven. `null`: nothing is wrong. */
  readonly secretFinding: string | null;
  readonly means: WatchOptions["means"];
  /** How long to try and to prove, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends it early: what is written and seen by then is reported. */
  readonly stop?: AbortSignal | undefined;
  /** When the rollback was asked for, by `performance.now()`. */
  readonly begunAt: number;
  /** Takes secrets out of a text before it is recorded. */
  readonly safe: (text: string) => string;
  readonly onEvent?: (event: RollbackEvent) => void;
}

/**
 * Sets 0 at once, then proves it. No lock, plan, journal, file or probe comes before the write, or can
 * stop it. Composes `writeZero` and `proveZero`, and records each. Never rejects, as far as the
 * functions of the request do not.
 */
export async function rollback(request: RollbackRequest): Promise<RollbackReport> {
  const { who, reason, urls, safe, onEvent } = request;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), request.timeoutMs);
  const end = (): void => deadline.abort(STOPPED);
  request.stop?.addEventListener("abort", end, { once: true });
  const { signal } = deadline;
  const to = zeroChanges(request.disable);
  const claim = Promise.withResolvers<Claim | null>();
  // Sent before the store is opened, so that the gateways are seen as they were; nothing waits for it.
  const watching = Promise.all(urls.map((url) => watch(url, request, claim.promise, signal)));
  const { write, store } = await writeZero({
    open: request.open,
    to,
    who,
    signal,
    onFault: (fault) => onEvent?.({ kind: "retrying", fault }),
  });
  claim.resolve(claimOf(write));
  // The journal is written while the gateways are still being watched, but not at once: finding it
  // takes the processor, which would show in the time to zero.
  await withDeadline(FIRST_LOOK_MS, async () => watching).catch(() => {});
  const journal = await request.openJournal();
  const coordination = coordinationOf(store, journal);
  const location = store?.location ?? request.location;
  const record = { journal, coordination, location, to, reason, who, safe };
  const recorder = recordRollback(record);
  // Without a first write there is no rollback to record.
  const fenced =
    write.startedAt === null ? Promise.resolve() : recorder.wrote(write, urls.length > 0);
  onEvent?.({ kind: "proving" });
  const proof = await proveZero({ store, write, to, watching, fenced });
  clearTimeout(timer);
  request.stop?.removeEventListener("abort", end);

  const course: RollbackCourse = {
    location,
    outcome: rollbackOutcome(write, proof),
    write,
    ...proof,
    totalMs: Math.round(10 * (performance.now() - request.begunAt)) / 10,
  };
  const fault = await recorder.ended(course);
  await withDeadline(CLOSE_MS, async () => store?.close()).catch(() => {});
  return { ...course, journal: { location: journal.location, fault } };
}

async function watch(
  url: string,
  { secret, secretFinding, means, onEvent }: RollbackRequest,
  claim: Promise<Claim | null>,
  signal: AbortSignal,
): Promise<GatewayProof> {
  if (secretFinding !== null) return unprobed(url, secretFinding, means);
  const gateway = await watchGateway({
    url,
    secret,
    means,
    claim,
    signal,
    onProof: (proof) => onEvent?.({ kind: "answered", url, proof }),
  });
  if (gateway.isProven || signal.reason !== STOPPED) return gateway;
  return { ...gateway, findings: [proofFinding("stopped", {}), ...gateway.findings] };
}

/** A gateway that was not probed, since no probe could be signed. */
function unprobed(url: string, fault: string, means: WatchOptions["means"]): GatewayProof {
  const signed = { ...means, isSigned: true };
  const proof = unproven([], proofFinding("secret-unusable", { fault }), signed);
  return { url, ...proof, ...countsOf([], null, signed) };
}
