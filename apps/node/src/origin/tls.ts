import { readFileSync } from "node:fs";
import { messageOf } from "@edgezero/faults/faults";
import type { RolloutPath } from "@edgezero/rollout";

/** How the gateway and an origin prove themselves to each other, where that is not the usual way. */
export interface OriginTls {
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** TLS of both origins. */
export type OriginsTls = Readonly<Record<RolloutPath, OriginTls>>;

/** The settings of one origin, each a path of a file but the name. */
interface Given {
  readonly servername: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * Reads the files of an origin's TLS.
 *
 * @param origin The name of the origin's setting, for messages.
 * @throws Error that names the setting whose file cannot be read, or that is missing.
 */
export function readOriginTls(origin: string, given: Given): OriginTls {
  if ((given.cert === undefined) !== (given.key === undefined)) {
    throw new Error(`${origin}_CERT and ${origin}_KEY must be set both, or neither`);
  }
  const read = (name: string, path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (fault) {
      throw new Error(`${origin}_${name} cannot be read: ${messageOf(fault)}`, { cause: fault });
    }
  };
  return {
    ...(given.servername !== undefined && { servername: given.servername }),
    ...(given.ca !== undefined && { ca: read("CA", given.ca) }),
    ...(given.cert !== undefined && { cert: read("CERT", given.cert) }),
    ...(given.key !== undefined && { key: read("KEY", given.key) }),
  };
}
