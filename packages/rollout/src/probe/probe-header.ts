import { headerParts, wholeNumber } from "../header-parts.ts";
import type { RolloutPath } from "../rollout-path.ts";

/** The header that carries a probe's token in the request, and its answer in the response. */
export const PROBE_HEADER = "x-edgezero-probe";

const PLACE = /^[\w-]{1,40}$/;
const MOST = 999_999_999;
const EPOCH = /^[\da-f]{1,64}$/;

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
  /** The epoch that the instance decided by before; `null` where it has seen no other. */
  readonly from?: string | null | undefined;
  /**
   * The worker that the instance is, where a gateway has several: the gateway's name in 16 hexadecimal
   * digits, the worker's number from 1 on, and their number, such as `0123456789abcdef-1-2`. `null`
   * without workers.
   */
  readonly worker?: string | null | undefined;
  /** How long ago it saw the epoch change, in milliseconds, 0 to 999999999; `null` without `from`. */
  readonly ago?: number | null | undefined;
}

/**
 * The text of an answer, such as `path=legacy; reason=rollback; pct=0; bucket=7; epoch=ab12cd;
 * instance=0123456789abcdef; open=3; place=FRA`. A place that could be taken for other parts is left
 * out.
 */
export function formatProbe(answer: ProbeAnswer): string {
  const place = matching(PLACE, answer.place);
  return Object.entries({ ...answer, place })
    .flatMap(([name, value]) => (value == null ? [] : `${name}=${value}`))
    .join("; ");
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
  const { path, reason = "", epoch = "", instance = "" } = parts;
  const pct = wholeNumber(parts["pct"], 100);
  const bucket = wholeNumber(parts["bucket"], 99);
  if (path !== "legacy" && path !== "edgezero") return null;
  if (!/^[a-z-]{1,40}$/.test(reason) || pct === null || bucket === null) return null;
  if (!EPOCH.test(epoch) || !/^[\da-f]{16}$/.test(instance)) return null;
  return {
    path,
    reason,
    pct,
    bucket,
    epoch,
    instance,
    open: wholeNumber(parts["open"], MOST),
    place: matching(PLACE, parts["place"]),
    from: matching(EPOCH, parts["from"]),
    ago: wholeNumber(parts["ago"], MOST),
    worker: matching(PLACE, parts["worker"]),
  };
}

function matching(rule: RegExp, text: string | null | undefined): string | null {
  return text != null && rule.test(text) ? text : null;
}
