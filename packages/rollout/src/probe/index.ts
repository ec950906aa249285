export type { ProbeOptions, ProbeRequest } from "./create-probe.ts";
export { createProbe } from "./create-probe.ts";
export type { ProbeAnswer } from "./probe-header.ts";
export { formatProbe, parseProbe, PROBE_HEADER } from "./probe-header.ts";
export type { ProbeTokenOptions } from "./token.ts";
export { mintProbeToken } from "./token.ts";
