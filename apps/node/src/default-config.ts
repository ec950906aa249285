import { fileURLToPath } from "node:url";

/**
 * The config file that counts where `EDGEZERO_CONFIG` is not set: `rollout.json` in this app's folder.
 * This file stays directly in `src`, so that the path is right from `dist/main.js` too.
 */
export const DEFAULT_CONFIG: string = fileURLToPath(new URL("../rollout.json", import.meta.url));
