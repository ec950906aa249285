import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const IN_APP = fileURLToPath(new URL("../rollout.json", import.meta.url));

/**
 * The path of the config file where `EDGEZERO_CONFIG` is not set: `rollout.json` in this app's folder, and in
 * the folder of the start where the gateway is installed as a package: within `node_modules` it would be lost
 * with the next installation. This file is directly in `src`, so that the relative path is right from
 * `dist/main.js` too.
 */
export const DEFAULT_CONFIG: string = IN_APP.includes(`${sep}node_modules${sep}`)
  ? resolve("rollout.json")
  : IN_APP;
