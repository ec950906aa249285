import type { Claim } from "../proof/claim.ts";
import { proofFinding } from "../proof/finding.ts";
import type { Proof } from "../proof/prove.ts";
import { unproven } from "../proof/prove.ts";
import { countsOf } from "../proof/watch-counts.ts";
import type { GatewayProof, WatchOptions } from "../proof/watch-gateway.ts";
import { watchGateway } from "../proof/watch-gateway.ts";
import { STOPPED } from "./stopped.ts";

/** The gateways of a rollback, and how they are watched. */
export interface WatchRequest {
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
  /** Hears of a gateway's verdict so far, after each answer. */
  readonly onProof?: ((url: string, proof: Proof) => void) | undefined;
}

/** A watch that was begun before the write. */
export interface RollbackWatch {
  /** Aborts at the end of the time, or when someone stops it. */
  readonly signal: AbortSignal;
  /** Says what must be seen; `null`: nothing, since the store does not hold zero. */
  readonly expect: (claim: Claim | null) => void;
  readonly watching: Promise<readonly GatewayProof[]>;
  /**
   * Resolves once each gateway has answered a first time, or its probe was given up. At once where signed
   * answers of counted instances tell of the change later: then the write need not wait for them.
   */
  readonly glance: Promise<void>;
  /** Ends the time limit. */
  readonly end: () => void;
}

/**
 * Sends the first probes, so that the gateways are seen as they were before the write, and begins the
 * time limit. The write waits for them only where nothing else tells what was before. This module loads
 * neither stores nor journals: a program can begin to watch while it still loads them.
 */
export function beginWatch(request: WatchRequest): RollbackWatch {
  const { urls, timeoutMs, stop } = request;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const abort = (): void => deadline.abort(STOPPED);
  stop?.addEventListener("abort", abort, { once: true });
  const { signal } = deadline;
  const claim = Promise.withResolvers<Claim | null>();
  const firsts = urls.map(() => Promise.withResolvers<void>());
  const all = urls.map(async (url, i) => {
    const onFirst = firsts[i]?.resolve;
    return watch(url, request, { claim: claim.promise, signal, onFirst }).finally(onFirst);
  });
  const tellLater = request.secret !== null && request.means.isCounted;
  const awaited = tellLater ? [] : firsts.map(({ promise }) => promise);
  return {
    signal,
    expect: claim.resolve,
    watching: Promise.all(all),
    glance: Promise.all(awaited).then(() => undefined),
    end() {
      clearTimeout(timer);
      stop?.removeEventListener("abort", abort);
    },
  };
}

async function watch(
  url: string,
  { secret, secretFinding, means, onProof }: WatchRequest,
  parts: Pick<WatchOptions, "claim" | "signal" | "onFirst">,
): Promise<GatewayProof> {
  if (secretFinding !== null) return unprobed(url, secretFinding, means);
  const gateway = await watchGateway({
    url,
    secret,
    means,
    ...parts,
    onProof: (proof) => onProof?.(url, proof),
  });
  if (gateway.isProven || parts.signal.reason !== STOPPED) return gateway;
  return { ...gateway, findings: [proofFinding("stopped", {}), ...gateway.findings] };
}

/** A gateway that was not probed, since no probe could be signed. */
function unprobed(url: string, fault: string, means: WatchOptions["means"]): GatewayProof {
  const signed = { ...means, isSigned: true };
  const proof = unproven([], proofFinding("secret-unusable", { fault }), signed);
  return { url, ...proof, ...countsOf([], null, signed) };
}
