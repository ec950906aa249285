import type { OutgoingHttpHeaders } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { valuesOf } from "@edgezero/testbed/http-client";
import { describe, expect, test } from "vitest";
import { decisionText } from "../expected-decision.ts";
import { send } from "../http-client.ts";
import { startLoad } from "../load.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";
import { casesOf, expectedPaths, hold } from "../store-content.ts";

const HEADER = "x-edgezero-decision";
const FORGED: OutgoingHttpHeaders = { [HEADER]: ["reason=cutover; pct=100; epoch=0", "x"] };
const PATHS = ["legacy", "edgezero"] as const;
const PER_SECOND = 100;
const REQUESTS_PER_PHASE = 100;

/** By default no response explains its decision, even where an origin or a client sends the header. */
export function describeNoDecisionHeader(onStage: OnStage): void {
  describe("decision header, off", () => {
    test.each(PATHS)("on %s, it is not there, and cannot be forged", async (path) => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo(path));
      let claimed: unknown;
      origins[path].handler = (request, response) => {
        claimed = request.headers[HEADER];
        response.writeHead(200, FORGED).end();
      };
      for (const headers of [{}, { [HEADER]: "reason=bucket; pct=1; bucket=0; epoch=0" }]) {
        const answer = await send(gateway, { headers });
        expect([answer.status, answer.path]).toEqual([200, path]);
        expect([valuesOf(answer.rawHeaders, HEADER), claimed]).toEqual([[], undefined]);
      }
    });
  });
}

/** With `detail`, each response explains its decision. */
export function describeDecisionHeader(runtime: Runtime, onStage: OnStage): void {
  describe("decision header, on", () => {
    test.each(casesOf(runtime))("$row: $what is said", async (theCase) => {
      const { gateway, origins } = onStage();
      for (const path of PATHS) origins[path].handler = (_, response) => void response.end();
      await hold(gateway, theCase.store);
      for (const [{ text, bucket }] of expectedPaths(runtime, theCase)) {
        const answer = await send(gateway, { clientIp: text });
        expect(valuesOf(answer.rawHeaders, HEADER)).toEqual([decisionText(theCase, bucket)]);
      }
    });

    test.each(PATHS)("on %s, an origin cannot forge it", async (path) => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo(path));
      origins[path].handler = (_, response) => void response.writeHead(200, FORGED).end();
      const [said, ...more] = valuesOf((await send(gateway)).rawHeaders, HEADER);
      expect(said).toMatch(/^reason=(rollback|cutover); pct=\d+; epoch=[\da-f]+$/);
      expect(said).not.toContain("epoch=0;");
      expect(more).toEqual([]);
    });

    test("the gateway's own errors have it, and the health check does not", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("edgezero"));
      await origins.edgezero.whileDown(async () => {
        const { status, headers } = await send(gateway);
        expect([status, headers[HEADER]]).toEqual([502, textAfter("edgezero")]);
      });
      expect((await send(gateway, { path: "/health" })).headers[HEADER]).toBeUndefined();
    });

    test("while the config changes, each response has one config's path, reason and epoch", async () => {
      const { gateway, origins } = onStage();
      for (const path of PATHS) origins[path].handler = (_, response) => void response.end(path);
      const target = await gateway.underLoad();
      await target.write(allTo("legacy"));
      const load = startLoad(PER_SECOND, async () => {
        const { text, headers } = await send(target);
        return `${text}: ${String(headers[HEADER])}`;
      });
      await load.sent(REQUESTS_PER_PHASE);
      await target.write(allTo("edgezero"));
      // A time, not a number of requests: after a stall, those that are late are sent at once.
      await delay(target.propagationMs);
      await load.sent(REQUESTS_PER_PHASE);
      const outcomes = (await load.stop()).map(({ outcome }) => outcome);
      const allowed = PATHS.map((path) => `${path}: ${textAfter(path)}`);
      expect(outcomes.filter((outcome) => !allowed.includes(outcome))).toEqual([]);
      expect([outcomes.at(0), outcomes.at(-1)]).toEqual(allowed);
    });
  });
}

/** The text of the header after a change that sends all clients to one path. */
function textAfter(path: (typeof PATHS)[number]): string {
  const reason = path === "legacy" ? "rollback" : "cutover";
  const rolloutPct = path === "legacy" ? 0 : 100;
  return decisionText({ row: "", what: "", path, reason, rolloutPct, store: allTo(path) }, 0);
}
