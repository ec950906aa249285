import { freePort } from "@edgezero/testbed/free-port";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Gateway } from "./gateway-fleet.ts";
import { startGateway } from "./gateway-fleet.ts";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";
import type { Run } from "./run-cli.ts";

const PROBE_SECRET = "the secret of probes, of 32 characters and more";

let operator: Operator;
let gateway: Gateway;

beforeEach(async () => {
  operator = createOperator();
  // With several workers the gateway itself would take one of the ports of outgoing connections.
  const PORT = String(await freePort());
  gateway = await startGateway(operator.path, { PORT, PROBE_SECRET, WORKERS: "2" });
});
afterEach(async () => {
  await gateway.stop();
  operator.cleanUp();
});

const rollback = async (instances: number, more = ""): Promise<Run> =>
  operator.run(`rollback --json --url ${gateway.url} --instances ${instances} ${more}`, {
    EDGEZERO_PROBE_SECRET: PROBE_SECRET,
  });

test("a rollback proves itself by signed probes of both workers of a Node gateway", async () => {
  const { code, document } = await rollback(2);
  expect(document).toMatchObject({
    verified: true,
    judgedBy: "probe",
    instances: 2,
    openAtEdgezero: 0,
  });
  expect(code).toBe(0);
  expect(operator.entries().at(-1)).toMatchObject({ result: "verified" });
});

test("a third instance that nobody has seen keeps it from being verified", async () => {
  const { code, document } = await rollback(3, "--timeout 15");
  expect(operator.values()["edgezero_rollout_pct"]).toBe("0");
  expect(document).toMatchObject({ verified: false, written: true });
  expect(code).not.toBe(0);
});
