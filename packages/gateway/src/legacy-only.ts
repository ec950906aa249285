import type { Logger, RequestHandler, RolloutClient } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { Finding, PathHeader } from "@edgezero/settings";

/** Settings of {@link createLegacyOnly}. */
export interface LegacyOnlyOptions {
  /** The settings that are not valid. */
  readonly findings: readonly Finding[];
  readonly legacy: RequestHandler<Request, RolloutClient, Response>;
  /** Where health checks are answered; `undefined` nowhere. */
  readonly healthPath: `/${string}` | undefined;
  /** Which responses name their path. */
  readonly pathHeader: PathHeader;
  readonly logger: Logger;
}

/**
 * Serves every request by legacy, for a gateway that finds out only while it runs that a setting is
 * not valid. The first request says so in the log, at error. No config is read, no event is made, no
 * path can be forced and no probe is answered.
 */
export function createLegacyOnly({
  findings,
  legacy,
  healthPath,
  pathHeader,
  logger,
}: LegacyOnlyOptions): RequestHandler<Request, RolloutClient, Response> {
  const handle = createRolloutHandler({
    configStore: { get: () => null },
    legacy,
    edgezero: legacy,
    healthPath: healthPath ?? false,
    pathHeader,
  });
  let isLogged = false;
  return (request, client) => {
    if (!isLogged) {
      // Not before: a line that a Worker writes at its start is part of no request, and may get lost.
      isLogged = true;
      const settings = findings.map(({ message }) => message).join("\n");
      logger.error(`every request goes to legacy: ${settings}`);
    }
    return handle(request, client);
  };
}

/** Answers where legacy itself cannot serve, since one of its settings is not valid. */
export function answerWithoutSetting(name: string): Response {
  const text = `500 Internal Server Error: the setting ${name} is not valid.\n`;
  return new Response(text, { status: 500 });
}
