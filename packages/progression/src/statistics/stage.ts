import type { Evidence } from "./evidence.ts";
import { withoutStage } from "./evidence.ts";
import type { Signal } from "./signal.ts";

/** The part of the purse that a stage's first window stakes. Source: VERDICTS, "Constants", FIRST. */
export const FIRST = 0.8;
/** The part of the purse that is kept for the stage's later windows. LATER. */
export const LATER = 0.1;

/** Evidence as a window enters its stage, with the part of the purse that is bet in it for the first time. */
export interface Entered {
  readonly evidence: Evidence;
  /** 0 to 1. */
  readonly stake: number;
}

/**
 * Goes on with a stage, or begins one. A stage of its own begins where the name changes, and where the
 * control comes or goes. Source: VERDICTS, "addWindow", 5.
 */
export function enterStage(
  signal: Signal,
  evidence: Evidence,
  stage: string,
  alone: boolean,
): Entered {
  return evidence.stage === stage && evidence.alone === alone
    ? continueStage(evidence)
    : beginStage(signal, evidence, stage, alone);
}

/** A start in window j of the stage gets a part of about ¼ j^−5/4 of what was kept for later windows. */
function continueStage(evidence: Evidence): Entered {
  const stageWindow = evidence.stageWindow + 1;
  const part = 1 - Math.sqrt(Math.sqrt((stageWindow - 1) / stageWindow));
  const stake = evidence.later * part;
  return { evidence: { ...evidence, stageWindow, later: evidence.later - stake }, stake };
}

function beginStage(signal: Signal, evidence: Evidence, stage: string, alone: boolean): Entered {
  const purse = evidence.reserve + evidence.later;
  const later = LATER * purse;
  const stake = FIRST * purse;
  const begun: Evidence = {
    ...withoutStage(signal, evidence),
    stage,
    alone,
    stageWindow: 1,
    later,
    reserve: purse - stake - later,
    contrast: { ...evidence.contrast, canaryHits: 0, hits: 0 },
  };
  return { evidence: begun, stake };
}
