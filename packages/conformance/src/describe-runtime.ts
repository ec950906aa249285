import { afterAll, beforeAll, describe } from "vitest";
import { describeAddresses } from "./cases/addresses.ts";
import { describeBrokenOrigins } from "./cases/broken-origins.ts";
import { describeFailSafe } from "./cases/fail-safe.ts";
import { describeLiveFlip } from "./cases/live-flip.ts";
import { describePathHeader } from "./cases/path-header.ts";
import { describeProxying } from "./cases/proxying.ts";
import { describeSeparateCaches } from "./cases/separate-caches.ts";
import { describeSpoofing } from "./cases/spoofing.ts";
import { describeStreaming } from "./cases/streaming.ts";
import { describeWebSockets } from "./cases/web-sockets.ts";
import type { Runtime } from "./runtime.ts";
import type { OnStage, Stage } from "./stage.ts";
import { setStage } from "./stage.ts";

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
    let stage: Stage;
    beforeAll(async () => {
      if (runtime.missing !== undefined) throw new Error(runtime.missing);
      stage = await setStage(runtime.start);
    });
    afterAll(async () => stage?.close());

    const onStage: OnStage = () => stage;
    describeFailSafe(runtime, onStage);
    describeAddresses(runtime, onStage);
    describeSpoofing(runtime, onStage);
    describePathHeader(onStage);
    describeProxying(runtime, onStage);
    describeStreaming(onStage);
    describeBrokenOrigins(onStage);
    describeSeparateCaches(onStage);
    describeWebSockets(onStage);
    more?.(onStage);
    describeLiveFlip(runtime, onStage);
  });
}
