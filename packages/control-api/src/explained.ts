import type { Explanation } from "@edgezero/progression";

/** A signal as the progression explains it. */
export type ExplainedSignal = Explanation["signals"][number];
