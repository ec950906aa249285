import { anyText, wholeNumberOrOff } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** The port of the metrics. */
export const METRICS_PORT = defineSetting({
  name: "METRICS_PORT",
  ...wholeNumberOrOff(0, 65_535),
  default: "9464",
  meaning:
    "The port on which `GET /metrics` answers. 0 picks a free one, `off` opens none. A port in use is an error in the log, and the gateway goes on.",
});

/** The address of the metrics. */
export const METRICS_HOST = defineSetting({
  name: "METRICS_HOST",
  ...anyText,
  default: "127.0.0.1",
  meaning: "The address of that port. Anyone who reaches it can read the metrics.",
});
