import { describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import { enabledAt } from "../stage.ts";

const ADDRESS_HEADERS = [
  "X-Forwarded-For",
  "X-Real-IP",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "X-Envoy-External-Address",
  "CF-Connecting-IP",
  "CF-Connecting-IPv6",
  "CF-Pseudo-IPv4",
  "True-Client-IP",
  "Fastly-Client-IP",
];

/** The headers of a client do not change its path. */
export function describeSpoofing({ clients, platformHeaders }: Runtime, onStage: OnStage): void {
  // Real sockets, so that the Node gateway's trust of proxies has no part in this.
  const own = clients.filter(({ text }) => text.startsWith("127."));
  const low = own.find(({ bucket }) => bucket < 20)?.text ?? "";
  const high = own.find(({ bucket }) => bucket > 80)?.text ?? "";
  const ignored = ADDRESS_HEADERS.filter((name) => !platformHeaders.includes(name));

  describe("spoofed headers", () => {
    test.each([
      ...ignored.map((name) => [name, low, high] as const),
      ["Forwarded", `for=${low};proto=https`, `for=${high};proto=https`] as const,
      ["x-edgezero-path", "edgezero", "legacy"] as const,
    ])("%s changes nothing", async (name, sayingLow, sayingHigh) => {
      const { gateway } = onStage();
      await gateway.write(enabledAt(50));
      for (const value of [sayingLow, sayingHigh, `${sayingLow}, ${sayingHigh}`]) {
        const headers = { [name]: value };
        expect((await send(gateway, { clientIp: low, headers })).path).toBe("edgezero");
        expect((await send(gateway, { clientIp: high, headers })).path).toBe("legacy");
      }
    });
  });
}
