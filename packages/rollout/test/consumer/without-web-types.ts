// A user of the package whose project knows neither the DOM's types nor Node's.
import type {
  Attributed,
  Attribution,
  ConfiguredReason,
  ConfigStore,
  Decision,
  LogFields,
  Logger,
  LogLevel,
  MaybePromise,
  Probe,
  ReadFault,
  ReadRolloutOptions,
  ReasonFacts,
  RequestHandler,
  RequestLike,
  ResponseLike,
  Rollout,
  RolloutClient,
  RolloutHandlerOptions,
  RolloutOptions,
  RolloutPath,
  RolloutReason,
  RolloutState,
  StaleReason,
} from "@edgezero/rollout";
import {
  canonicalClientIp,
  clientBucket,
  CONFIG_STORE_NAME,
  ConfigStoreUnavailableError,
  createRollout,
  createRolloutHandler,
  decide,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  fnv1a32,
  fnv1aBucket,
  parseEdgezeroFlag,
  parseRolloutPct,
  PATH_HEADER,
  readRollout,
  REASONS,
  routesToEdgezero,
} from "@edgezero/rollout";
import type {
  AttributionOptions,
  DecisionDetail,
  DecisionEvent,
  DroppedListener,
  EndingWatch,
  EventSink,
  Exclusion,
  Outcome,
  PathOverride,
  ResponseEnding,
  SharedCaches,
} from "@edgezero/rollout/attribution";
import {
  createAttribution,
  DECISION_HEADER,
  EVENT_VERSION,
  formatDecision,
  parseDecision,
  sampleEvents,
} from "@edgezero/rollout/attribution";
import type { Force, ForceOptions, ForceRequest, ForceTokenOptions } from "@edgezero/rollout/force";
import {
  createForce,
  FORCE_COOKIE,
  FORCE_HEADER,
  FORCE_LINK_PATH,
  mintForceToken,
} from "@edgezero/rollout/force";
import type {
  ProbeAnswer,
  ProbeOptions,
  ProbeRequest,
  ProbeTokenOptions,
} from "@edgezero/rollout/probe";
import {
  createProbe,
  formatProbe,
  mintProbeToken,
  parseProbe,
  PROBE_HEADER,
} from "@edgezero/rollout/probe";

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
const sink: EventSink = (event) => void events.push(event);
const onDropped: DroppedListener = ({ version }) => write(`${version satisfies 1}`);
const forceOptions: ForceOptions = { secret: async () => null, allowWhenDisabled: true, logger };
const force: Force<ForceRequest> = createForce(forceOptions);
const override: PathOverride<ForceRequest> = force.override;
const watchEnding: EndingWatch<RolloutClient> = (_client, ended) =>
  ended("broken-off" satisfies ResponseEnding);
const probeOptions: ProbeOptions<ProbeRequest> = {
  secrets: ["x".repeat(32), async () => null],
  place: ({ headers }) => headers.get("cf-ray"),
  open: () => 0,
  onProbe: () => {},
  logger,
};
const probe: Probe<ProbeRequest> = createProbe(probeOptions);
const attributionOptions: AttributionOptions<ForceRequest, RolloutClient> = {
  service: "site",
  runtime: "node",
  attribution: "detail",
  sinks: [sink, sampleEvents(sink, 0.1)],
  onDropped,
  override,
  sharedCaches: "vary" satisfies SharedCaches,
  healthPaths: ["/-/ready"],
  watchEnding,
};
const attribution: Attribution<ForceRequest, RolloutClient, Reply> =
  createAttribution(attributionOptions);
const handler: RequestHandler<RequestLike, RolloutClient, Reply> = () => new Reply();
const options: RolloutHandlerOptions<ForceRequest, RolloutClient, Reply> = {
  configStore,
  legacy: handler,
  edgezero: async (request, client) => handler(request, client),
  logger,
  attribution,
  probe,
  pathHeader: "never",
  healthPath: false,
};

export const send: (request: ForceRequest, client: RolloutClient) => Promise<Reply> =
  createRolloutHandler(options);
export const state: RolloutState = await readRollout(configStore, readOptions);
export const decision: Decision = decide(state, "1.2.3.4");
export const path: RolloutPath = decision.path;
const rolloutOptions: RolloutOptions = { configStore, staleIfErrorMs: 1000 };
const rollout: Rollout = createRollout(rolloutOptions);
export const deciding: MaybePromise<Decision> = rollout.decide("1.2.3.4");
export const reading: MaybePromise<RolloutState> = rollout.read();
export const detail: DecisionDetail | null = parseDecision(formatDecision(decision, state.epoch));
export const facts: ReasonFacts = REASONS["stale-bucket" satisfies StaleReason];
export const attributed: Attributed<Reply> = { decision, finish: (reply) => reply?.status };
export const ended: (Exclusion | Outcome | null)[] = events.flatMap((event) => [
  event.excluded,
  event.outcome,
]);
const tokenOptions: ForceTokenOptions = { secret: "x".repeat(32), path, lifetimeMs: 60_000 };
export const token: string = await mintForceToken(tokenOptions);
const probeTokenOptions: ProbeTokenOptions = { secret: "x".repeat(32), bucket: 7, now: 0 };
export const probeToken: string = await mintProbeToken(probeTokenOptions);
const said: ProbeAnswer | null = parseProbe(probeToken);
export const told: string | null = said && formatProbe(said);
export const named: (string | 1)[] = [
  DECISION_HEADER,
  EVENT_VERSION,
  FORCE_COOKIE,
  FORCE_HEADER,
  FORCE_LINK_PATH,
  PATH_HEADER,
  PROBE_HEADER,
];
export const reasons: RolloutReason[] = [
  decision.reason,
  "pct-unreadable" satisfies ReadFault,
  `stale-${"bucket" satisfies ConfiguredReason}`,
];
export const answers: (string | number | boolean | null)[] = [
  canonicalClientIp("::1"),
  canonicalClientIp(undefined),
  CONFIG_STORE_NAME,
  new ConfigStoreUnavailableError("not linked").message,
  fnv1a32("key"),
  routesToEdgezero(fnv1aBucket("key"), 50),
  clientBucket(null),
  parseEdgezeroFlag(null),
  parseRolloutPct("50"),
];

// @ts-expect-error -- a decision cannot be changed
decision.path = "legacy";
// @ts-expect-error -- a percentage may be null
export const pct: number = parseRolloutPct("50");
// @ts-expect-error -- absence is null, never undefined
export const store: ConfigStore = { get: () => undefined };
// @ts-expect-error -- an event cannot be changed
events.forEach((event) => (event.weight = 2));
// @ts-expect-error -- a request without headers carries no token
void send({ method: "GET", url: "https://site.example/" }, { ip: null });
// @ts-expect-error -- both paths are needed
createRolloutHandler({ configStore, legacy: handler });
// @ts-expect-error -- a misspelt name is refused
createRollout({ configStore, staleIfErorMs: 1000 });
// @ts-expect-error -- a decision may have to be waited for
export const waited: Decision = rollout.decide("1.2.3.4");
