// A user of the package whose project knows neither the DOM's types nor Node's.
import type {
  ConfiguredReason,
  ConfigStore,
  Decision,
  DecisionEvent,
  DecisionSink,
  LogFields,
  Logger,
  LogLevel,
  ReadFailure,
  ReadRolloutOptions,
  RequestHandler,
  RequestLike,
  ResponseLike,
  RolloutClient,
  RolloutHandlerOptions,
  RolloutPath,
  RolloutReason,
  RolloutState,
} from "@edgezero/rollout";
import {
  canonicalClientIp,
  CONFIG_STORE_NAME,
  ConfigStoreUnavailableError,
  createRolloutHandler,
  decide,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  fnv1a32,
  fnv1aBucket,
  parseEdgezeroFlag,
  parseRolloutPct,
  readRollout,
  routesToEdgezero,
} from "@edgezero/rollout";

class Reply implements ResponseLike {
  readonly status = 200;
  readonly headers = new Map<string, string>();
  readonly body = null;
}

const values = new Map([
  [EDGEZERO_ENABLED_KEY, "true"],
  [EDGEZERO_ROLLOUT_PCT_KEY, "86"],
] as [string, string][]);
const configStore: ConfigStore = { get: (key) => values.get(key) ?? null };
const level: LogLevel = "debug";
const write = (_message: string, _fields?: LogFields): void => {};
const isLevelEnabled = (asked: LogLevel): boolean => asked !== level;
const logger: Logger = { debug: write, info: write, warn: write, error: write, isLevelEnabled };
const readOptions: ReadRolloutOptions = { logger, readTimeoutMs: 100 };
const events: DecisionEvent[] = [];
const sink: DecisionSink = (event) => void events.push(event);
const handler: RequestHandler<RequestLike, RolloutClient, Reply> = () => new Reply();
const options: RolloutHandlerOptions<RequestLike, RolloutClient, Reply> = {
  configStore,
  legacy: handler,
  edgezero: async (request, client) => handler(request, client),
  logger,
  sink,
  healthPath: false,
};

export const send: (request: RequestLike, client: RolloutClient) => Promise<Reply> =
  createRolloutHandler(options);
export const state: RolloutState = await readRollout(configStore, readOptions);
export const decision: Decision = decide(state, "1.2.3.4");
export const path: RolloutPath = decision.path;
export const reasons: RolloutReason[] = [
  decision.reason,
  "pct-unreadable" satisfies ReadFailure,
  `stale-${"bucket" satisfies ConfiguredReason}`,
];
export const answers: (string | number | boolean | null)[] = [
  canonicalClientIp("::1"),
  canonicalClientIp(undefined),
  CONFIG_STORE_NAME,
  new ConfigStoreUnavailableError("not linked").message,
  fnv1a32("key"),
  routesToEdgezero(fnv1aBucket("key"), 50),
  parseEdgezeroFlag(null),
  parseRolloutPct("50"),
];

// @ts-expect-error -- a decision cannot be changed
decision.path = "legacy";
// @ts-expect-error -- a percentage may be null
export const pct: number = parseRolloutPct("50");
// @ts-expect-error -- absence is null, never undefined
export const store: ConfigStore = { get: () => undefined };
// @ts-expect-error -- both paths are needed
createRolloutHandler({ configStore, legacy: handler });
