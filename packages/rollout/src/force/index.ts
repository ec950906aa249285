export type { Force, ForceOptions, ForceRequest } from "./create-force.ts";
export { createForce, FORCE_COOKIE, FORCE_HEADER, FORCE_LINK_PATH } from "./create-force.ts";
export type { ForceTokenOptions } from "./token.ts";
export { mintForceToken } from "./token.ts";
