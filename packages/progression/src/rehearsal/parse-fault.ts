import { durationMs } from "../plan/duration.ts";
import type { Fault, FaultOf, Span } from "./fault.ts";

/** How faults are written; the last one stands for a signal of the plan. */
export const FAULT_FORMS =
  "slow=<times>, one-client=<part>, outage=both|legacy|edgezero, no-traffic, store-stalls, source-dies or <signal>=<rate>";

type Unplaced = Fault extends infer Each
  ? Each extends Fault
    ? Omit<Each, keyof Span>
    : never
  : never;

const OUTAGES: readonly FaultOf<"outage">["paths"][] = ["both", "legacy", "edgezero"];

/**
 * Reads a fault such as `errors=0.5%`, `slow=1.3@10m` or `outage=both@1h+5m`: what, from when after the
 * start, and for how long. Without them it is there from the start, and for ever.
 *
 * @returns `null` where the text is no such fault.
 */
export function parseFault(text: string): Fault | null {
  const [, what = "", value, at, lasts] =
    /^([^=@+]+)(?:=([^@+]+))?(?:@([^+]+))?(?:\+(.+))?$/.exec(text) ?? [];
  const atMs = at === undefined ? 0 : durationMs(at);
  const forMs = lasts === undefined ? null : durationMs(lasts);
  const fault = readWhat(what, value ?? null);
  if (fault === null || atMs === null || (lasts !== undefined && forMs === null)) return null;
  return { ...fault, atMs, forMs };
}

function readWhat(what: string, value: string | null): Unplaced | null {
  if (what === "no-traffic" || what === "store-stalls")
    return value === null ? { kind: what } : null;
  if (what === "source-dies") return { kind: what, source: value };
  if (what === "outage") {
    const paths = OUTAGES.find((known) => known === value);
    return paths === undefined ? null : { kind: what, paths };
  }
  const number = numberOf(value ?? "");
  if (number === null) return null;
  if (what === "slow") return number > 0 ? { kind: what, times: number } : null;
  if (number > 1) return null;
  return what === "one-client"
    ? { kind: what, part: number }
    : { kind: "rate", signal: what, rate: number };
}

function numberOf(text: string): number | null {
  const [, digits, isPercent] = /^(\d{1,9}(?:\.\d{1,9})?)(%?)$/.exec(text) ?? [];
  if (digits === undefined) return null;
  return isPercent === "%" ? Number(digits) / 100 : Number(digits);
}
