/** When something is wrong: milliseconds after the operator's `start`. */
export interface Span {
  readonly atMs: number;
  /** `null`: for ever. */
  readonly forMs: number | null;
}

/** Something that goes wrong at a given time. */
export type Fault = Span &
  /** EdgeZero's rate of a signal is another one than legacy's. */
  (
    | { readonly kind: "rate"; readonly signal: string; readonly rate: number }
    /** EdgeZero takes so many times as long. */
    | { readonly kind: "slow"; readonly times: number }
    /** A client on EdgeZero sends this part of its requests, and all of them fail. */
    | { readonly kind: "one-client"; readonly part: number }
    /** Paths fail wholly. */
    | { readonly kind: "outage"; readonly paths: "both" | "legacy" | "edgezero" }
    /** Nobody sends a request. */
    | { readonly kind: "no-traffic" }
    /** The store answers neither reads nor writes. What was asked of it is done when it is back. */
    | { readonly kind: "store-stalls" }
    /** A source of evidence does not answer. `null`: no source does. */
    | { readonly kind: "source-dies"; readonly source: string | null }
  );

export type FaultKind = Fault["kind"];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

/** Whether a fault is on from this moment. */
export function isOn({ atMs, forMs }: Span, ms: number): boolean {
  return ms >= atMs && (forMs === null || ms < atMs + forMs);
}

/** The last fault of a kind, or `null`. */
export function lastOf<Kind extends FaultKind>(
  faults: readonly Fault[],
  kind: Kind,
): FaultOf<Kind> | null {
  return (faults.findLast((fault) => fault.kind === kind) as FaultOf<Kind> | undefined) ?? null;
}

const IS_OF_EDGEZERO: Readonly<Record<FaultKind, boolean>> = {
  rate: true,
  slow: true,
  "one-client": true,
  outage: false,
  "no-traffic": false,
  "store-stalls": false,
  "source-dies": false,
};

/** Whether a fault is EdgeZero's own, so that it is right to roll back. */
export function isOfEdgeZero(fault: Fault): boolean {
  return fault.kind === "outage" ? fault.paths === "edgezero" : IS_OF_EDGEZERO[fault.kind];
}
