import { createJsonLogger } from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";
import type { LogThreshold } from "@edgezero/settings";
import { env } from "fastly:env";
import { Logger as LogEndpoint } from "fastly:logger";
import { isLocal, logLevel } from "./log-level.ts";
import { findSettings } from "./settings.ts";

/** A logger that writes to a Fastly log endpoint, and to standard output too when local. */
export function createLogger(endpointName = "edgezero"): Logger {
  const endpoint = new LogEndpoint(endpointName);
  let threshold: LogThreshold | undefined;

  return createJsonLogger({
    // The guest's environment is there only once a request is: this file also runs in the build.
    threshold: () =>
      (threshold ??= logLevel(findSettings().settings.LOG_LEVEL, env("FASTLY_HOSTNAME"))),
    write(line) {
      endpoint.log(line);
      if (isLocal(env("FASTLY_HOSTNAME"))) console.log(line);
    },
  });
}
