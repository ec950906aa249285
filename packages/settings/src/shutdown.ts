import { LONGEST_TIMER_MS, wholeNumber } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** How long a gateway that is told to stop still accepts. */
export const SHUTDOWN_DELAY_MS = defineSetting({
  name: "SHUTDOWN_DELAY_MS",
  ...wholeNumber(0, LONGEST_TIMER_MS),
  default: "0",
  meaning:
    "How long the gateway still accepts connections after SIGTERM or SIGINT, in milliseconds, while it says that it is not ready: as long as a balancer takes to notice.",
});

/** How long what is in flight may take to end. */
export const SHUTDOWN_GRACE_MS = defineSetting({
  name: "SHUTDOWN_GRACE_MS",
  ...wholeNumber(0, LONGEST_TIMER_MS),
  default: "35000",
  meaning:
    "How long requests in flight may then take to end, in milliseconds, before they are cut off: longer than `UPSTREAM_TIMEOUT_MS`, and shorter than the time after which the platform kills the process (Docker 10 s, Kubernetes 30 s unless set). WebSockets are closed with the code 1001 at once.",
});
