import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { RolloutState } from "./rollout-state.ts";

const CLIENTS = 100_000;

/** Addresses spread over the whole range, the same ones in every run (xorshift32). */
function addresses(text: (bits: number, next: number) => string): string[] {
  let bits = 0x2026_1123;
  const next = (): number => {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    return bits >>> 0;
  };
  return Array.from({ length: CLIENTS }, () => text(next(), next()));
}

const ipv4 = (bits: number): string =>
  [bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff].join(".");

const ipv6 = (bits: number, more: number): string =>
  `2001:db8:${(bits >>> 16).toString(16)}::${(more & 0xffff).toString(16)}`;

/** Which clients are on EdgeZero (1) at a percentage. */
function onEdgezero(clients: readonly string[], rolloutPct: number): Uint8Array {
  const state: RolloutState = { enabled: true, rolloutPct, reason: "bucket", epoch: "ab12cd" };
  const on = new Uint8Array(clients.length);
  for (const [client, clientIp] of clients.entries()) {
    on[client] = Number(decide(state, clientIp).path === "edgezero");
  }
  return on;
}

describe.each([
  { kind: "IPv4", clients: addresses(ipv4), step: 1 },
  { kind: "IPv6", clients: addresses(ipv6), step: 14 },
])("over 100,000 $kind clients", ({ clients, step }) => {
  test(
    "each percentage takes its share, and raising it takes no client off EdgeZero",
    { timeout: 30_000 },
    () => {
      let before = onEdgezero(clients, 0);
      expect(before.includes(1)).toBe(false);
      for (let pct = step; pct < 100; pct += step) {
        const now = onEdgezero(clients, pct);
        const share = now.reduce((sum, on) => sum + on, 0);
        const deviation = Math.sqrt(CLIENTS * (pct / 100) * (1 - pct / 100));
        expect(Math.abs(share - (CLIENTS * pct) / 100)).toBeLessThan(6 * deviation);
        expect(before.every((on, client) => on <= (now[client] ?? 0))).toBe(true);
        before = now;
      }
      expect(onEdgezero(clients, 100).includes(0)).toBe(false);
    },
  );
});
