import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { watchGateways } from "@edgezero/operations/proof/watch-gateways";
import { isAllLegacy, readingOf } from "@edgezero/operations/reading";
import type { ZeroPlace, ZeroVerdict } from "./attempt-zero.ts";

/**
 * Proves the 0 that the store has by what gateways answer now, where this process did not watch them as it
 * was written. Never rejects.
 */
export async function proveNow({ place, proofMs, stop }: ZeroPlace): Promise<ZeroVerdict> {
  const { store, urls, secret, means } = place;
  try {
    const values = await withDeadline(proofMs, async () => store.read());
    const reading = await readingOf(values);
    if (!isAllLegacy(reading)) {
      return { proven: false, sentence: `The store has ${reading.state.rolloutPct}%.` };
    }
    const claim = { state: reading.state, since: performance.now(), follows: null };
    const signal = AbortSignal.any([stop, AbortSignal.timeout(proofMs)]);
    const all = { urls, secret, means, claim: Promise.resolve(claim), signal };
    const gateways = await watchGateways(all);
    const behind = gateways.find(({ isProven }) => !isProven);
    if (gateways.length > 0 && behind === undefined) {
      return { proven: true, sentence: "Every gateway that answered serves legacy by the 0." };
    }
    const why = behind?.findings[0]?.message ?? "no gateway is named";
    return { proven: false, sentence: `${behind?.url ?? store.location}: ${why}.` };
  } catch (error) {
    return { proven: false, sentence: `The store could not be read: ${messageOf(error)}` };
  }
}
