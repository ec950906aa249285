import { createHash } from "node:crypto";
import { Agent } from "node:http";
import { clientBucket, decide } from "@edgezero/rollout";
import addresses from "@edgezero/rollout/vectors/addresses.json" with { type: "json" };
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stage } from "./stage.ts";
import { enabledAt, setStage } from "./stage.ts";

const COUNT = 1100;
const PERCENTAGES = [0, 1, 5, 10, 25, 33, 50, 66, 75, 90, 99, 100];
const CONNECTIONS = 32;

let stage: Stage;

describeWithProgram(nginxMissing ?? null, "the paths of 1,100 clients", () => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  beforeAll(async () => {
    stage = await setStage({
      server: "set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;",
    });
  });
  afterAll(async () => {
    agent.destroy();
    await stage.close();
  });

  /** The path by which a client is answered, by its origin and by the header. */
  async function pathsOf(clients: readonly string[]): Promise<string[]> {
    return Promise.all(
      clients.map(async (client) => {
        const headers = { "x-forwarded-for": client };
        const { status, text, path } = await send(stage.gateway.url, { agent, headers });
        return status === 200 && text === path ? text : `${status} ${text} ${path}`;
      }),
    );
  }

  test.each(PERCENTAGES)("at %i are those of the core", { timeout: 60_000 }, async (pct) => {
    await stage.obeyed(enabledAt(pct));
    const clients = clientsOf(COUNT);
    expect(new Set(clients).size).toBe(COUNT);
    const reason = pct === 0 ? "rollback" : pct === 100 ? "cutover" : "bucket";
    const state = { enabled: true, rolloutPct: pct, reason, epoch: "0" } as const;
    const expected = clients.map((client) => decide(state, null, clientBucket(client)).path);
    expect(await pathsOf(clients)).toEqual(expected);
  });
});

/** The vectors' addresses, and random ones after them: of IPv4 and of IPv6. */
function clientsOf(count: number): string[] {
  const clients = new Set(addresses.map(({ text }) => text));
  for (let i = 0; clients.size < count; i++) {
    const bytes = createHash("sha256").update(`client ${i}`).digest();
    const groups = [...bytes.subarray(0, 16).toString("hex").matchAll(/.{4}/g)].join(":");
    clients.add(i % 2 === 0 ? bytes.subarray(0, 4).join(".") : groups);
  }
  return [...clients];
}
