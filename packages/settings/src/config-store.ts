import { LONGEST_TIMER_MS, wholeNumber } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** How long a Node gateway goes on without its Redis. */
export const CONFIG_MAX_AGE_MS_OF_REDIS = defineSetting({
  name: "CONFIG_MAX_AGE_MS",
  ...wholeNumber(1000, LONGEST_TIMER_MS),
  default: "30000",
  meaning:
    "How long the last values stand while Redis is out of reach, in milliseconds; then all requests go to legacy. For as long a gateway that is cut off may not see a rollback. A config file does not use it.",
});

/** How long an isolate of a Worker goes by what it has read. */
export const CONFIG_MAX_AGE_MS_OF_KV = defineSetting({
  name: "CONFIG_MAX_AGE_MS",
  ...wholeNumber(0, 600_000),
  default: "5000",
  meaning:
    "How long an isolate goes by the values that it last read, in milliseconds. At 0 every request reads KV. A rollback takes at most this much longer than KV itself takes.",
});
