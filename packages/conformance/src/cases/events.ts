import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { responseTo } from "@edgezero/testbed/http-client";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventsOf } from "../event-log.ts";
import { epochOf } from "../expected-decision.ts";
import { open, send } from "../http-client.ts";
import { isLoopback } from "../known-clients.ts";
import type { EventLine, Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo, enabledAt } from "../stage.ts";
import { casesOf, expectedPaths, hold } from "../store-content.ts";
import { HANDSHAKE, REFUSAL } from "../handshake.ts";
import { answerByStatus } from "./origins-by-status.ts";

const ORIGIN_TAKES_MS = 200;
const FIELDS = [
  "type",
  "id",
  "version",
  "time",
  "service",
  "runtime",
  "path",
  "reason",
  "rolloutPct",
  "bucket",
  "epoch",
  "status",
  "outcome",
  "error",
  "durationMs",
  "lastByteMs",
  "excluded",
  "weight",
];

/** Each routed request makes one event, and each of its fields is right. */
export function describeEvents(runtime: Runtime, onStage: OnStage): void {
  const { clients, eventRuntime, tellsEnding, tellsUpgrades } = runtime;

  describe("events", () => {
    beforeAll(async () => {
      // Events of earlier groups may still be on their way, from each process.
      answerByStatus(onStage());
      for (const isOnLoopback of [true, false]) {
        const client = clients.find(({ text }) => isLoopback(text) === isOnLoopback);
        await eventsOf(onStage().gateway, async () => {}, client?.text);
      }
    });
    beforeEach(() => answerByStatus(onStage()));

    test.each(casesOf(runtime))("$row: $what is said, and by which config", async (theCase) => {
      const { gateway } = onStage();
      const { reason, rolloutPct, store } = theCase;
      await hold(gateway, store);
      for (const [{ text, bucket }, path] of expectedPaths(runtime, theCase)) {
        const request = { clientIp: text, path: "/status/201" };
        expect(await eventsOf(gateway, async () => send(gateway, request), text)).toMatchObject([
          {
            path,
            reason,
            rolloutPct,
            bucket: reason === "bucket" ? bucket : null,
            epoch: epochOf(store),
            excluded: null,
          },
        ]);
      }
    });

    test("the other fields: who served, when, how long, and nothing more", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      const { handler } = origins.legacy;
      origins.legacy.handler = (request, response) =>
        void setTimeout(() => handler(request, response), ORIGIN_TAKES_MS);
      const before = Date.now();
      let sentMs = 0;
      const [event] = await eventsOf(gateway, async () => {
        const startedAt = performance.now();
        await send(gateway, { path: "/status/201" });
        sentMs = performance.now() - startedAt;
      });
      expect(event).toMatchObject({
        version: 1,
        service: "conformance",
        runtime: eventRuntime,
        status: 201,
        outcome: "ok",
        weight: 1,
      });
      expect(FIELDS).toEqual(expect.arrayContaining(ownFields(event)));
      expect(ownFields(event)).toEqual(expect.arrayContaining(FIELDS));
      const { time = 0, durationMs = 0, lastByteMs = null } = event ?? {};
      expect(lastByteMs === null).toBe(tellsEnding !== true);
      expect(time).toBeGreaterThanOrEqual(before + ORIGIN_TAKES_MS - 2);
      expect(time).toBeLessThanOrEqual(Date.now());
      // The clocks of different programs count in whole milliseconds.
      expect(durationMs).toBeGreaterThanOrEqual(ORIGIN_TAKES_MS - 2);
      expect(durationMs).toBeLessThanOrEqual(sentMs + 2);
    });

    const lastByte =
      tellsEnding === true ? "counts what comes after the headers" : `is null: ${tellsEnding}`;
    test(`the time to the last byte ${lastByte}`, async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      const { handler } = origins.legacy;
      let slow: ServerResponse | undefined;
      origins.legacy.handler = (request, response) => {
        if (request.url !== "/slow") return handler(request, response);
        slow = response;
        response.write("first");
      };
      const [event] = await eventsOf(gateway, async () => {
        const response = await responseTo(open(gateway, { path: "/slow" }).end());
        // The gateway has passed the headers on by then, however long they took.
        await once(response, "data");
        setTimeout(() => slow?.end("last"), ORIGIN_TAKES_MS);
        await once(response, "end");
      });
      const { durationMs = 0, lastByteMs = null } = event ?? {};
      expect(lastByteMs === null).toBe(tellsEnding !== true);
      const afterHeadersMs = (lastByteMs ?? Infinity) - durationMs;
      expect(afterHeadersMs).toBeGreaterThan(ORIGIN_TAKES_MS / 2);
    });

    test.each([
      [200, "ok"],
      [404, "ok"],
      [499, "ok"],
      [500, "error"],
      [503, "error"],
      [504, "timeout"],
    ])("a handler's %i is %s, once", async (status, outcome) => {
      const { gateway } = onStage();
      await gateway.write(allTo("edgezero"));
      const events = await eventsOf(gateway, async () =>
        send(gateway, { path: `/status/${status}` }),
      );
      expect(events).toMatchObject([{ path: "edgezero", status, outcome }]);
    });

    test("an origin that refuses is one event: 502, error", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("edgezero"));
      const events = await eventsOf(gateway, async () =>
        origins.edgezero.whileDown(async () => void (await send(gateway))),
      );
      expect(events).toMatchObject([{ path: "edgezero", status: 502, outcome: "error" }]);
    });

    test("an origin that is too slow is one event: 504, timeout", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("edgezero"));
      const { handler } = origins.edgezero;
      origins.edgezero.handler = (request, response) => {
        if (request.url !== "/slow") handler(request, response);
      };
      const events = await eventsOf(gateway, async () => send(gateway, { path: "/slow" }));
      expect(events).toMatchObject([{ path: "edgezero", status: 504, outcome: "timeout" }]);
    });

    test.each(tellsEnding === true ? [runtime.name] : [])(
      "a client that goes away is one event: aborted",
      async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo("edgezero"));
        const { handler } = origins.edgezero;
        const reached = Promise.withResolvers<void>();
        origins.edgezero.handler = (request, response) => {
          if (request.url === "/slow") reached.resolve();
          else handler(request, response);
        };
        const start = gateway.events.length;
        const request = open(gateway, { path: "/slow" }).on("error", () => {});
        request.end();
        await reached.promise;
        request.destroy();
        await expect.poll(() => gateway.events.length).toBeGreaterThan(start);
        expect(gateway.events.slice(start)).toMatchObject([
          { path: "edgezero", outcome: "aborted", lastByteMs: null },
        ]);
      },
    );

    test("the health check is none; one that a handler gets is marked", async () => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const events = await eventsOf(gateway, async () => {
        await send(gateway, { path: "/health" });
        await send(gateway, { path: "/health?from=balancer" });
        await send(gateway, { path: "/health?from=balancer", method: "POST" });
        await send(gateway, { path: "/healthy" });
      });
      expect(events.map(({ excluded }) => excluded)).toEqual(["health", null]);
    });

    // Where a header of the platform says who a client is, it may say nothing.
    test.each(runtime.platformHeaders.slice(0, 1))(
      "a client without an address is marked: %s",
      async () => {
        const { gateway } = onStage();
        await gateway.write(enabledAt(50));
        // The platform's header names the client; Miniflare adds it where it is missing.
        const request = { clientIp: "unknown" };
        expect(await eventsOf(gateway, async () => send(gateway, request))).toMatchObject([
          { path: "legacy", bucket: 61, excluded: "no-client-address" },
        ]);
      },
    );

    test("no event has a client's address, or anything of the URL", async () => {
      const { gateway } = onStage();
      await gateway.write(enabledAt(50));
      const clientIp = runtime.clients.find(({ text }) => text.startsWith("127."))?.text ?? "";
      const headers = { referer: "https://site.example/private", cookie: "session=private" };
      const request = { clientIp, path: "/status/500/private?q=private#x", headers };
      const events = await eventsOf(gateway, async () => send(gateway, request), clientIp);
      expect(events).toHaveLength(1);
      expect(JSON.stringify(events)).not.toContain(clientIp);
      expect(JSON.stringify(events)).not.toMatch(/private|127\.|\//);
    });

    const refused =
      tellsUpgrades === true ? { status: 403 } : { status: 200, why: `: ${tellsUpgrades}` };
    test(`a WebSocket that its origin refuses is one event${refused.why ?? ""}`, async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("edgezero"));
      origins.edgezero.upgradeHandler = (_, socket) => void socket.end(REFUSAL);
      const { status } = refused;
      expect(
        await eventsOf(gateway, async () => send(gateway, { headers: HANDSHAKE })),
      ).toMatchObject([{ path: "edgezero", status, outcome: "ok", excluded: null }]);
    });

    test("requests at once are an event each", async () => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const statuses = Array.from({ length: 50 }, (_, i) => 400 + i);
      const events = await eventsOf(gateway, async () => {
        await Promise.all(statuses.map(async (status) => send(gateway, at(status))));
      });
      const seen = events.map(({ status }) => status ?? 0);
      expect(seen.toSorted((a, b) => a - b)).toEqual(statuses);
    });
  });
}

function at(status: number): { path: string } {
  return { path: `/status/${status}` };
}

function ownFields(event: EventLine | undefined): string[] {
  return Object.keys(event ?? {});
}
