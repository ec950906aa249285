import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import type { NginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";
import type { Run } from "./run-cli.ts";

const PROBE_SECRET = "the secret of probes, of 32 characters and more";
const WORKERS = 4;

let operator: Operator;
let gateway: NginxGateway;

async function run(args: string): Promise<Run> {
  return operator.run(args, { EDGEZERO_PROBE_SECRET: PROBE_SECRET });
}

describeWithProgram(nginxMissing ?? null, "nginx with four workers", () => {
  beforeEach(async () => {
    operator = createOperator();
    gateway = await startNginxGateway({
      origins: { legacy: "http://127.0.0.1:1", edgezero: "http://127.0.0.1:2" },
      settings: { EDGEZERO_CONFIG: operator.path, PROBE_SECRET },
      workers: WORKERS,
    });
  });
  afterEach(async () => {
    await gateway.stop();
    operator.cleanUp();
  });

  test("a rollback proves itself by signed probes of each worker", async () => {
    // nginx is ready with its first worker; one that has not read the file yet could not tell of the change.
    await expect
      .poll(async () => (await run(`status --url ${gateway.url} --instances ${WORKERS}`)).code)
      .toBe(0);
    const args = `rollback --json --url ${gateway.url} --instances ${WORKERS}`;
    const { code, document } = await run(args);
    expect(document).toMatchObject({
      verified: true,
      judgedBy: "probe",
      instances: WORKERS,
      openAtEdgezero: 0,
    });
    expect(code).toBe(0);
  });
});
