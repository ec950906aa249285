import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mintForceToken } from "@edgezero/rollout/force";
import { send } from "@edgezero/testbed/http-client";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";

const SECRET = "a secret of the tests, of more than 32 characters";

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess({}, { FORCE_SECRET: SECRET, TRUST_PROXY: "127.0.0.9" });
});
afterAll(async () => gateway.stopCleanly());

/** The cookie and the target of a link that a peer asks for. */
async function follow(clientIp: string, headers: Record<string, string>): Promise<unknown[]> {
  const token = await mintForceToken({ secret: SECRET, path: "legacy", lifetimeMs: 60_000 });
  const to = encodeURIComponent("https://site.example/shop?x=1");
  const path = `/.edgezero/force?token=${token}&to=${to}`;
  const answer = await send(gateway.url, { clientIp, headers, path });
  const [cookie = ""] = answer.headers["set-cookie"] ?? [];
  return [answer.status, cookie.includes("; Secure"), answer.headers.location];
}

describe("the testers' cookie, on this machine", () => {
  const https = { "x-forwarded-proto": "https" };

  test.each([
    { name: "over http", peer: "127.0.0.1", headers: {}, isSecure: false },
    { name: "behind a trusted https", peer: "127.0.0.9", headers: https, isSecure: true },
    { name: "behind https that anyone claims", peer: "127.0.0.1", headers: https, isSecure: false },
    {
      name: "behind two trusted proxies",
      peer: "127.0.0.9",
      headers: { "x-forwarded-proto": "HTTPS, http" },
      isSecure: true,
    },
  ])("$name, it is Secure: $isSecure", async ({ peer, headers, isSecure }) => {
    expect(await follow(peer, headers)).toEqual([303, isSecure, "/"]);
  });

  test("only a GET is a link", async () => {
    const token = await mintForceToken({ secret: SECRET, path: "legacy", lifetimeMs: 60_000 });
    const path = `/.edgezero/force?token=${token}`;
    const answer = await send(gateway.url, { method: "POST", path });
    expect([answer.status, answer.headers["set-cookie"]]).toEqual([200, undefined]);
  });

  test("the link leads on within the host that a trusted proxy names", async () => {
    const headers = { ...https, "x-forwarded-host": "site.example" };
    expect(await follow("127.0.0.9", headers)).toEqual([303, true, "/shop?x=1"]);
    expect(await follow("127.0.0.1", headers)).toEqual([303, false, "/"]);
  });
});
