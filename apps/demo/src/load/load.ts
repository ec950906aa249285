import { PATH_HEADER } from "@edgezero/rollout";
import { Pool } from "undici";
import type { Site } from "../site/fault.ts";
import { conditionsOf } from "../site/fault.ts";
import { ADDRESSES, BAD_CLIENT } from "./clients.ts";
import { rpsAt } from "./day.ts";

const TICK_MS = 10;
/** Requests that wait for an answer. On a machine that is too slow, fewer are sent. */
const MOST_OPEN = 400;
/** Requests per second that the bad client sends. */
const BAD_CLIENT_RPS = 4;

/** What clients have got so far, by themselves. */
export interface Received {
  /** Responses by the path that served them. */
  legacy: number;
  edgezero: number;
  /** Responses with status 500 or above, and requests without a response. */
  failed: number;
  /** Requests that were not sent, since too many waited for an answer. */
  skipped: number;
}

/** Clients that send requests until they are stopped. */
export interface Load {
  readonly received: Received;
  stop(): Promise<void>;
}

/** Sends requests of many addresses to a gateway, at the pace of a day. */
export function startLoad(gateway: string, site: Site): Load {
  const pool = new Pool(gateway, { connections: 128, headersTimeout: 10_000 });
  const received: Received = { legacy: 0, edgezero: 0, failed: 0, skipped: 0 };
  const begun = performance.now();
  let last = begun;
  let due = 0;
  let badDue = 0;
  let open = 0;

  async function send(address: string): Promise<void> {
    if (open >= MOST_OPEN) {
      received.skipped += 1;
      return;
    }
    open += 1;
    try {
      const { statusCode, headers, body } = await pool.request({
        path: "/",
        method: "GET",
        headers: { "x-forwarded-for": address },
      });
      await body.dump();
      if (statusCode >= 500) received.failed += 1;
      received[headers[PATH_HEADER] === "edgezero" ? "edgezero" : "legacy"] += 1;
    } catch {
      received.failed += 1;
    } finally {
      open -= 1;
    }
  }

  const timer = setInterval(() => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    const { hasTraffic, hasBadClient } = conditionsOf(site);
    if (!hasTraffic) return;
    // A tick that comes late sends no flood.
    due += Math.min(seconds, 0.2) * rpsAt(now - begun);
    for (; due >= 1; due -= 1) void send(someAddress());
    if (!hasBadClient) return;
    badDue += Math.min(seconds, 0.2) * BAD_CLIENT_RPS;
    for (; badDue >= 1; badDue -= 1) void send(BAD_CLIENT);
  }, TICK_MS);

  return {
    received,
    async stop() {
      clearInterval(timer);
      await pool.destroy();
    },
  };
}

/** Some clients send more than others. */
function someAddress(): string {
  return ADDRESSES[Math.floor(ADDRESSES.length * Math.random() ** 1.3)] ?? "";
}
