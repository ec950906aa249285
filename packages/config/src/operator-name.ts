import { hostname, userInfo } from "node:os";
import type { Variables } from "./target.ts";

/**
 * Who acts: the name that was given, else `EDGEZERO_OPERATOR`, else the environment's `operator` in the
 * config file, else `user@host`.
 */
export function operatorName(
  given: string | undefined,
  variables: Variables,
  configured: string | null,
): string {
  const name =
    given || variables["EDGEZERO_OPERATOR"] || configured || `${userName()}@${hostname()}`;
  // Other operators see it: it must not steer their terminals.
  return name.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 200);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container, the user may be a number without a name.
    return String(process.getuid?.() ?? "unknown");
  }
}
