import { validHost } from "@edgezero/gateway";
import type { RolloutPath } from "@edgezero/rollout";
import { Backend } from "fastly:backend";

/** The names of the backends. */
export const BACKEND: Readonly<Record<RolloutPath, string>> = {
  legacy: "legacy_origin",
  edgezero: "edgezero_origin",
};

const found = new Map<RolloutPath, URL | null>();

/**
 * The origin behind a path, by the name that it knows: the override host of its backend, or else the
 * backend's address and port. `null` where the platform does not tell. Found once in a sandbox.
 */
export function originOf(path: RolloutPath): URL | null {
  let origin = found.get(path);
  if (origin === undefined) found.set(path, (origin = findOrigin(path)));
  return origin;
}

function findOrigin(path: RolloutPath): URL | null {
  try {
    const backend = Backend.fromName(BACKEND[path]);
    const scheme = backend.isSSL ? "https" : "http";
    const address = backend.target.includes(":") ? `[${backend.target}]` : backend.target;
    const url = new URL(`${scheme}://${address}`);
    url.port = String(backend.port);
    const override = overrideHost(backend);
    return override === null ? url : new URL(`${scheme}://${override}`);
  } catch {
    return null;
  }
}

/** The SDK throws where a backend has no override host. */
function overrideHost(backend: Backend): string | null {
  try {
    return validHost(backend.hostOverride);
  } catch {
    return null;
  }
}
