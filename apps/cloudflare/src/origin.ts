import type { ForwardingRules } from "@edgezero/gateway";
import {
  answerWithoutSetting,
  createBuiltInHandler,
  createFetchProxy,
  createSourceOf,
  hostNames,
  viaName,
} from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import type { WorkerSettings } from "./settings.ts";
import { mayShareZone, toOrigin, urlAtClient, urlAtOrigin } from "./to-origin.ts";

type Handler = RequestHandler<Request, RolloutClient, Response>;
type OriginSettings = Pick<
  WorkerSettings["settings"],
  | "LEGACY_ORIGIN"
  | "EDGEZERO_ORIGIN"
  | "ORIGIN_HOST"
  | "SERVICE_NAME"
  | "UNTRUSTED_HEADERS"
  | "UPSTREAM_TIMEOUT_MS"
>;

/** Passes requests on to the origins, or lets the built-in handlers answer where there are no origins. */
export function createPathHandlers(
  settings: OriginSettings,
  logger: Logger,
): Record<RolloutPath, Handler> {
  const { LEGACY_ORIGIN, EDGEZERO_ORIGIN } = settings;
  if (LEGACY_ORIGIN === undefined || EDGEZERO_ORIGIN === undefined) {
    return { legacy: createBuiltInHandler("legacy"), edgezero: createBuiltInHandler("edgezero") };
  }
  const options = {
    settings,
    // Isolates come and go, so the name is made of what tells this gateway from one behind it.
    via: viaName([settings.SERVICE_NAME, LEGACY_ORIGIN.href, EDGEZERO_ORIGIN.href].join("\n")),
    cache: cacheModeFor(settings, LEGACY_ORIGIN, EDGEZERO_ORIGIN),
    logger,
  };
  return {
    legacy: createProxy("legacy", LEGACY_ORIGIN, options),
    edgezero: createProxy("edgezero", EDGEZERO_ORIGIN, options),
  };
}

/** The legacy path alone, where some settings are not valid: 500 where its own origin is among them. */
export function createLegacyHandler(
  settings: OriginSettings,
  { findings }: Pick<WorkerSettings, "findings">,
  logger: Logger,
): Handler {
  const { LEGACY_ORIGIN, EDGEZERO_ORIGIN = LEGACY_ORIGIN } = settings;
  if (findings.some(({ setting }) => setting === "LEGACY_ORIGIN")) {
    return () => answerWithoutSetting("LEGACY_ORIGIN");
  }
  return createPathHandlers({ ...settings, LEGACY_ORIGIN, EDGEZERO_ORIGIN }, logger).legacy;
}

/** Settings of {@link createProxy}. */
interface ProxyOptions {
  readonly settings: OriginSettings;
  readonly via: string;
  readonly cache: RequestInit;
  readonly logger: Logger;
}

function createProxy(path: RolloutPath, origin: URL, options: ProxyOptions): Handler {
  const { settings, via, cache, logger } = options;
  const init: RequestInit = { redirect: "manual", ...cache };
  const rules = { sourceOf: createSourceOf(settings.UNTRUSTED_HEADERS), via };
  const isClients = settings.ORIGIN_HOST === "client";
  const send = isClients ? sendAsClient : sendAsOrigin;
  return createFetchProxy({
    path,
    via,
    namesOf: (request) => (isClients ? null : hostNames(request, origin)),
    timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
    logger,
    send: async (request, client) => send({ request, client, origin, init, rules }),
  });
}

/** A request on its way to an origin. */
interface Asked {
  readonly request: Request;
  readonly client: RolloutClient;
  readonly origin: URL;
  readonly init: RequestInit;
  readonly rules: Omit<ForwardingRules, "isPlatforms">;
}

/** Asks under the origin's own name. */
async function sendAsOrigin({ request, client, origin, init, rules }: Asked): Promise<Response> {
  const url = urlAtOrigin(request.url, origin);
  return withOwnHeaders(await fetch(toOrigin(request, client, url, rules, init)));
}

/** Asks under the client's name, which Cloudflare permits within one zone. */
async function sendAsClient({ request, client, origin, init, rules }: Asked): Promise<Response> {
  const { hostname } = new URL(request.url);
  if (!mayShareZone(hostname, origin.hostname)) return answerWithoutSetting("ORIGIN_HOST");
  const url = urlAtClient(request.url, origin);
  const cf = { resolveOverride: origin.hostname };
  const asked = toOrigin(request, client, url, rules, { ...init, cf });
  return withOwnHeaders(await fetch(asked));
}

/** An answer whose headers can be set, which those of `fetch` cannot. */
function withOwnHeaders(answer: Response): Response {
  return new Response(answer.body, answer);
}

/**
 * Cloudflare caches a fetch under its URL. Two origins that are asked under one host would share their
 * entries, and so they are not cached at all.
 */
function cacheModeFor({ ORIGIN_HOST }: OriginSettings, legacy: URL, edgezero: URL): RequestInit {
  const isShared = ORIGIN_HOST === "client" || legacy.hostname === edgezero.hostname;
  return isShared ? { cache: "no-store" } : {};
}
