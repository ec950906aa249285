import { afterAll, beforeAll, describe } from "vitest";
import { describeAddresses } from "./cases/addresses.ts";
import { describeBodyOfGet } from "./cases/body-of-get.ts";
import { describeBrokenOrigins } from "./cases/broken-origins.ts";
import { describeDecisionHeader, describeNoDecisionHeader } from "./cases/decision-header.ts";
import { describeEarlyAnswers } from "./cases/early-answers.ts";
import { describeEvents } from "./cases/events.ts";
import { describeFailSafe } from "./cases/fail-safe.ts";
import { describeForceLink } from "./cases/force-link.ts";
import { describeHealth } from "./cases/health.ts";
import { describeKeptConnections } from "./cases/kept-connections.ts";
import { describeLiveFlip } from "./cases/live-flip.ts";
import {
  describeNoOverrides,
  describeOverrides,
  describeOverridesWhileDisabled,
} from "./cases/overrides.ts";
import { describeClientHost, describeOriginHost } from "./cases/origin-host.ts";
import {
  describeNoPathHeader,
  describePathHeader,
  describeSignedPathHeader,
} from "./cases/path-header.ts";
import { describeLoops } from "./cases/loops.ts";
import { describeMalformedAnswers } from "./cases/malformed-answers.ts";
import { describeMalformedRequests } from "./cases/malformed-requests.ts";
import { describeOddRequests } from "./cases/odd-requests.ts";
import { describeNoProbes, describeProbes } from "./cases/probes.ts";
import { describeProxying } from "./cases/proxying.ts";
import { describeOnlyErrors, describeSampling } from "./cases/sampling.ts";
import { describeSeparateCaches } from "./cases/separate-caches.ts";
import { describeSharedCaches } from "./cases/shared-caches.ts";
import { describeSpoofing } from "./cases/spoofing.ts";
import { describeStreaming } from "./cases/streaming.ts";
import { describeUntrustedHeaders } from "./cases/untrusted-headers.ts";
import { describeWebSockets } from "./cases/web-sockets.ts";
import { FORCE_SECRET } from "./force-token.ts";
import { PREVIOUS_PROBE_SECRET, PROBE_SECRET } from "./probe-token.ts";
import type { GatewaySettings, Runtime } from "./runtime.ts";
import type { OnStage, Stage } from "./stage.ts";
import { setStage } from "./stage.ts";

/** Longer than any answer takes on a slow machine, for cases under load. */
const UPSTREAM_TIMEOUT_MS = "30000";

/** Every optional header, and as few event lines as possible. */
const TELLING: GatewaySettings = {
  ATTRIBUTION: "detail",
  SHARED_CACHES: "private",
  EVENT_SAMPLE_RATE: "0",
  FORCE_SECRET,
  UPSTREAM_TIMEOUT_MS,
};

const SAMPLE_RATE = 0.25;
const ALIVE = "/-/alive";
const LENIENT: GatewaySettings = {
  HEALTH_PATH: ALIVE,
  SHARED_CACHES: "vary",
  EVENT_SAMPLE_RATE: String(SAMPLE_RATE),
  FORCE_SECRET,
  FORCE_WHEN_DISABLED: "true",
  UPSTREAM_TIMEOUT_MS,
};

/** Answers probes, and names the path to nobody: nothing may depend on that. */
const PROBED: GatewaySettings = {
  ATTRIBUTION: "detail",
  PATH_HEADER: "never",
  PROBE_SECRET,
  PROBE_SECRET_PREVIOUS: PREVIOUS_PROBE_SECRET,
};

/** Names the path to testers, and the client's host to origins where the runtime can. */
function signed({ sendsClientHost }: Runtime): GatewaySettings {
  const host: GatewaySettings = sendsClientHost === true ? { ORIGIN_HOST: "client" } : {};
  return { PATH_HEADER: "signed", FORCE_SECRET, ...host };
}

/**
 * All cases, for one runtime.
 *
 * @param more Cases of this runtime alone, in groups of their own.
 */
export function describeRuntime(runtime: Runtime, more?: (onStage: OnStage) => void): void {
  const { name } = runtime;
  const canSkip = runtime.missing !== undefined && process.env["CI"] !== "true";
  if (canSkip) console.log(`Skipped: ${name}. ${runtime.missing}`);

  describe.skipIf(canSkip).each([runtime])("$name", () => {
    describeOnStage("by default", runtime, {}, (onStage) => {
      describeFailSafe(runtime, onStage);
      describeAddresses(runtime, onStage);
      describeSpoofing(runtime, onStage);
      describePathHeader(onStage);
      describeNoDecisionHeader(onStage);
      describeEvents(runtime, onStage);
      describeNoOverrides(onStage);
      describeNoProbes(onStage);
      describeSharedCaches("unchanged", runtime, onStage);
      describeProxying(runtime, onStage);
      describeOriginHost(onStage);
      describeUntrustedHeaders(runtime, onStage);
      describeBodyOfGet(runtime, onStage);
      describeStreaming(onStage);
      describeHealth("/health", onStage);
      describeBrokenOrigins(runtime, onStage);
      describeEarlyAnswers(runtime, onStage);
      describeKeptConnections(runtime, onStage);
      describeLoops(onStage);
      describeMalformedAnswers(onStage);
      describeMalformedRequests(runtime, onStage);
      describeOddRequests(runtime, onStage);
      describeSeparateCaches(onStage);
      describeWebSockets(onStage);
      more?.(onStage);
    });
    const bare: GatewaySettings = { FORCE_SECRET: "", HEALTH_PATH: "off" };
    describeOnStage("with an empty secret", runtime, bare, (onStage) => {
      describeNoOverrides(onStage);
      describeHealth("off", onStage);
    });
    describeOnStage("answering probes", runtime, PROBED, (onStage) => {
      describeProbes(runtime, onStage);
      describeNoPathHeader(onStage);
      describeWebSockets(onStage);
    });
    describeOnStage("naming paths to testers", runtime, signed(runtime), (onStage) => {
      describeSignedPathHeader(onStage);
      describeClientHost(runtime, onStage);
    });
    describeOnStage("telling all", runtime, TELLING, (onStage) => {
      describeDecisionHeader(runtime, onStage);
      describeOverrides(onStage);
      describeForceLink(onStage);
      describeSharedCaches("private", runtime, onStage);
      describeOnlyErrors(onStage);
    });
    describeOnStage("letting testers do all", runtime, LENIENT, (onStage) => {
      describeOverridesWhileDisabled(onStage);
      describeSharedCaches("vary", runtime, onStage);
      describeHealth(ALIVE, onStage);
      describeSampling(SAMPLE_RATE, onStage);
      describeLiveFlip(runtime, onStage);
    });
  });
}

/** Cases on a gateway that is set up in one way. */
function describeOnStage(
  setup: string,
  runtime: Runtime,
  settings: GatewaySettings,
  cases: (onStage: OnStage) => void,
): void {
  describe.each([setup])("%s", () => {
    let stage: Stage;
    beforeAll(async () => {
      if (runtime.missing !== undefined) throw new Error(runtime.missing);
      stage = await setStage(runtime.start, settings);
    });
    afterAll(async () => stage?.close());
    cases(() => stage);
  });
}
