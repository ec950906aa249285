import { fileURLToPath } from "node:url";

/**
 * The path of the config file where `EDGEZERO_CONFIG` is not set: `rollout.json` in this app's folder.
 * This file is directly in `src`, so that the relative path is right from `dist/main.js` too.
 */
export const DEFAULT_CONFIG: string = fileURLToPath(new URL("../rollout.json", import.meta.url));
