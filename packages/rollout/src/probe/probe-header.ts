import { headerParts, wholeNumber } from "../header-parts.ts";
import type { RolloutPath } from "../rollout-path.ts";

/** The header that carries a probe's token in the request, and its answer in the response. */
export const PROBE_HEADER = "x-edgezero-probe";

const PLACE = /^[\w-]{1,40}$/;

/** What a gateway says to a probe: the decision for the bucket that was asked, and who made it. */
export interface ProbeAnswer {
  readonly path: RolloutPath;
  /** Lower-case letters and hyphens, at most 40. A gateway of another version may know others. */
  readonly reason: string;
  /** The percentage that was applied, 0 to 100. */
  readonly pct: number;
  /** The bucket that was asked, 0 to 99, also where no bucket decided. */
  readonly bucket: number;
  /** Names the two values that decided: `RolloutState.epoch`. */
  readonly epoch: string;
  /** Names the process, isolate or sandbox that answered, in 16 hexadecimal digits. */
  readonly instance: string;
  /**
   * How many responses and upgrades are still open at EdgeZero in that instance, 0 to 999999999;
   * `null` where the gateway cannot tell.
   */
  readonly open: number | null;
  /** Where the instance is, on a platform of many places; `null` where that is not known. */
  readonly place: string | null;
}

/**
 * The text of an answer, such as `path=legacy; reason=rollback; pct=0; bucket=7; epoch=ab12cd;
 * instance=0123456789abcdef; open=3; place=FRA`. A place that could be taken for other parts is left
 * out.
 */
export function formatProbe(answer: ProbeAnswer): string {
  const { path, reason, pct, bucket, epoch, instance, open, place } = answer;
  const decision = `path=${path}; reason=${reason}; pct=${pct}; bucket=${bucket}; epoch=${epoch}`;
  const stillOpen = open === null ? "" : `; open=${open}`;
  const where = PLACE.test(place ?? "") ? `; place=${place}` : "";
  return `${decision}; instance=${instance}${stillOpen}${where}`;
}

/**
 * Reads the text of an answer. Total: it takes any text. Parts may come in any order, and parts with
 * other names are ignored.
 *
 * @returns `null` when the header is absent or is no answer: every part but `open` and `place` must
 * be there, and valid.
 */
export function parseProbe(header: string | null | undefined): ProbeAnswer | null {
  if (typeof header !== "string") return null;
  const parts = headerParts(header);
  const { path, reason = "", epoch = "", instance = "", open = "", place = "" } = parts;
  const pct = wholeNumber(parts["pct"], 100);
  const bucket = wholeNumber(parts["bucket"], 99);
  if (path !== "legacy" && path !== "edgezero") return null;
  if (!/^[a-z-]{1,40}$/.test(reason) || pct === null || bucket === null) return null;
  if (!/^[\da-f]{1,64}$/.test(epoch) || !/^[\da-f]{16}$/.test(instance)) return null;
  return {
    path,
    reason,
    pct,
    bucket,
    epoch,
    instance,
    open: /^\d{1,9}$/.test(open) ? Number(open) : null,
    place: PLACE.test(place) ? place : null,
  };
}
