export type { Force, ForceOptions, ForceRequest } from "./create-force.ts";
export { createForce, FORCE_HEADER } from "./create-force.ts";
export { FORCE_COOKIE, FORCE_LINK_PATH } from "./link.ts";
export type { ForceTokenOptions } from "./token.ts";
export { mintForceToken } from "./token.ts";
