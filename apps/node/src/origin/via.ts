import { randomBytes } from "node:crypto";

/**
 * This process's name in `Via`: RFC 9110, section 7.6.3. Its own, so that a chain of gateways is no
 * loop, and several processes behind one address find a loop after few rounds. Random, so that no client
 * can pretend one without having seen it.
 */
export const VIA_NAME: string = `edgezero-${randomBytes(6).toString("hex")}`;
