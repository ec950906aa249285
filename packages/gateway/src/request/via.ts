import { fnv1a32 } from "@edgezero/rollout";

/**
 * The name of a gateway in `Via` (RFC 9110, section 7.6.3), where it has many instances that come and go
 * and cannot agree on a random one.
 *
 * @param identity Equal for all instances of one gateway, and different for two gateways of which one
 * stands before the other.
 */
export function viaName(identity: string): string {
  return `edgezero-${fnv1a32(identity).toString(16).padStart(8, "0")}`;
}

/**
 * Adds a gateway to the `Via` of a request.
 *
 * @param httpVersion That of the request; 1.1 unless given, where a platform does not tell it.
 */
export function withVia(
  given: string | null | undefined,
  name: string,
  httpVersion = "1.1",
): string {
  const own = `${httpVersion} ${name}`;
  return given ? `${given}, ${own}` : own;
}

/**
 * Whether a request was here before and has come back: an origin is the gateway itself. Once is no loop:
 * two gateways of one name may stand in a row.
 */
export function isLoop(given: string | null | undefined, name: string): boolean {
  return typeof given === "string" && given.split(name).length > 2;
}

/** The fault of an origin that is the gateway itself. */
export class LoopError extends Error {
  constructor() {
    super("a request has come back twice: the origin is this gateway itself");
  }
}
