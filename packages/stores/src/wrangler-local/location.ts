import { join, resolve, sep } from "node:path";
import { DEFAULT_BINDING } from "../cloudflare/location.ts";

/** The local KV of a Worker. */
export interface WranglerLocation {
  /** The absolute path of the Worker's folder. */
  readonly folder: string;
  /** The name of the KV binding. */
  readonly binding: string;
  /** The location, for people. It holds no credentials. */
  readonly shown: string;
}

/**
 * Reads `wrangler-local:path/of/the/worker`, or the path of its `.wrangler/state`; no path is the
 * current folder. `?binding=` names another binding than `TRUSTED_SERVER_CONFIG`.
 *
 * @returns `null` where it is anything else, or has other parameters.
 */
export function parseWranglerUrl(url: string): WranglerLocation | null {
  const { path, binding = DEFAULT_BINDING } =
    /^wrangler-local:(?:\/\/)?(?<path>[^?#]*)(?:\?binding=(?<binding>\w+))?$/i.exec(url)?.groups ??
    {};
  if (path === undefined) return null;
  const given = resolve(path);
  const state = join(sep, ".wrangler", "state");
  const folder = given.endsWith(state) ? given.slice(0, -state.length) : given;
  return { folder, binding, shown: `wrangler-local:${folder}` };
}
