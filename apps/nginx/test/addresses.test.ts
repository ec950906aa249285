import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { responseTo } from "@edgezero/testbed/http-client";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { clientBucket } from "@edgezero/rollout";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stage } from "./stage.ts";
import { enabledAt, setStage, total } from "./stage.ts";

let stage: Stage;
let dualPort: number;
let folder: string;
let socketPath: string;

describeWithProgram(nginxMissing ?? null, "a client's address", () => {
  beforeAll(async () => {
    dualPort = await freePort();
    folder = mkdtempSync(join(tmpdir(), "edgezero-sockets-"));
    socketPath = join(folder, "clients.sock");
    stage = await setStage({
      settings: { ATTRIBUTION: "detail" },
      server: `listen [::]:${dualPort} ipv6only=off;
    listen unix:${socketPath};
    set_real_ip_from 127.0.0.9;
    set_real_ip_from unix:;
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;`,
    });
    await stage.obeyed(enabledAt(50));
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true });
  });

  test("is the socket's; an IPv4 client of an IPv6 socket is its IPv4 address", async () => {
    for (const localAddress of ["127.0.0.1", "127.8.149.165"]) {
      const own = clientBucket(localAddress);
      expect(await bucketBy({ port: stage.gateway.port, host: "127.0.0.1", localAddress })).toBe(
        own,
      );
      expect(await bucketBy({ port: dualPort, host: "127.0.0.1", localAddress })).toBe(own);
    }
    expect(await bucketBy({ port: dualPort, host: "::1" })).toBe(clientBucket("::1"));
  });

  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7:49152", "203.0.113.7"],
    ["2001:db8::0:1", "2001:db8::1"],
    ["[2001:DB8:0:0:0:0:0:1]:443", "2001:db8::1"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["198.51.100.1, 203.0.113.7", "203.0.113.7"],
    ["198.51.100.1, 203.0.113.7, 127.0.0.9", "203.0.113.7"],
    ["nonsense", "127.0.0.9"],
    ["203.0.113.7, nonsense, 127.0.0.9", "127.0.0.9"],
  ])("behind a trusted proxy is that of X-Forwarded-For: %s", async (forwarded, client) => {
    const options = { port: stage.gateway.port, host: "127.0.0.1", localAddress: "127.0.0.9" };
    expect(await bucketBy(options, forwarded)).toBe(clientBucket(client));
  });

  test("that another client claims changes nothing", async () => {
    const options = { port: stage.gateway.port, host: "127.0.0.1", localAddress: "127.0.0.8" };
    expect(await bucketBy(options, "203.0.113.7")).toBe(clientBucket("127.0.0.8"));
  });

  test("that is not there is bucket 61, and no evidence", async () => {
    const excluded = { excluded: "no-client-address" };
    const before = await total(stage, "edgezero_requests_total", excluded);
    expect(await bucketBy({ socketPath })).toBe(61);
    expect(await bucketBy({ socketPath }, "203.0.113.7")).toBe(clientBucket("203.0.113.7"));
    await expect
      .poll(async () => total(stage, "edgezero_requests_total", excluded))
      .toBe(before + 1);
  });
});

/** The bucket that a request is in. */
async function bucketBy(options: object, forwarded?: string): Promise<number> {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const asked = request({ agent: false, path: "/", headers, ...options }).end();
  const response = await responseTo(asked);
  response.resume();
  return Number(/bucket=(\d+)/.exec(String(response.headers["x-edgezero-decision"]))?.[1]);
}
