import { anyText, wholeNumber } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** The most workers: more than any machine has use for. */
const MOST_WORKERS = 128;

/** How many processes serve. */
export const WORKERS = defineSetting({
  name: "WORKERS",
  ...wholeNumber(1, MOST_WORKERS),
  default: "1",
  meaning:
    "How many processes serve the port: at most one for each core. Above 1, one more process supervises them: it replaces those that end or hang, and has the metrics of all. Limits on connections and queues are for each worker.",
});

/** A file of settings. */
export const SETTINGS_FILE = defineSetting({
  name: "SETTINGS_FILE",
  ...anyText,
  default: null,
  meaning:
    "A file with a setting in each line, such as `LOG_LEVEL=debug`. A value with `#` is in quotes. With `WORKERS` above 1, names that begin with `NODE_` may be there too, for the workers. What the environment sets counts over it. It is read at the start; with `WORKERS` above 1 also at SIGHUP, which replaces the workers one by one. Of `PORT`, `HOST`, `WORKERS`, `METRICS_PORT` and `METRICS_HOST`, a change needs a new start.",
});
