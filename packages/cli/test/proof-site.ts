import { afterEach, beforeEach } from "vitest";
import { startBalancer } from "./balancer.ts";
import type { FakeGateway } from "./fake-gateway.ts";
import { startFakeGateway } from "./fake-gateway.ts";
import type { Gateway } from "./gateway-fleet.ts";
import { startGateway } from "./gateway-fleet.ts";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";
import type { Run } from "./run-cli.ts";

/** The secret of probes, on both sides. */
export const SECRET = "the secret of probes, of 32 characters and more";

/** An operator, and gateways that end with each test. */
export interface ProofSite {
  /** That of the test which runs. */
  readonly operator: Operator;
  /** Runs the command with the secret of probes, or with another. */
  run(args: string, secret?: string): Promise<Run>;
  /** A gateway with the secret of probes, and else with the settings that people have. */
  gateway(path?: string, secret?: string): Promise<Gateway>;
  gatewayWith(env: Readonly<Record<string, string>>): Promise<Gateway>;
  fake(answer: Parameters<typeof startFakeGateway>[0]): Promise<FakeGateway>;
  /** One port before gateways. */
  balance(all: readonly Gateway[]): Promise<{ readonly url: string }>;
  /** One port before four gateways, of which the last reads another file where `path` names one. */
  four(path?: string): Promise<{ readonly url: string; readonly all: readonly Gateway[] }>;
}

/** Gives each test of a file a site of its own. */
export function proofSite(): ProofSite {
  let operator: Operator;
  const gateways: Gateway[] = [];
  const closing: { readonly close: () => void }[] = [];
  beforeEach(() => {
    operator = createOperator();
  });
  afterEach(async () => {
    for (const { close } of closing.splice(0)) close();
    await Promise.all(gateways.splice(0).map(({ stop }) => stop()));
    operator.cleanUp();
  });
  const closed = <Started extends { readonly close: () => void }>(started: Started): Started => {
    closing.push(started);
    return started;
  };
  const gatewayWith = async (
    env: Readonly<Record<string, string>>,
    path = operator.path,
  ): Promise<Gateway> => {
    const started = await startGateway(path, env);
    gateways.push(started);
    return started;
  };
  const gateway: ProofSite["gateway"] = async (path, secret = SECRET) =>
    gatewayWith(secret === "" ? {} : { PROBE_SECRET: secret }, path);
  const balance: ProofSite["balance"] = async (all) =>
    closed(await startBalancer(all.map(({ url }) => Number(new URL(url).port))));
  return {
    get operator() {
      return operator;
    },
    run: async (args, secret = SECRET) => operator.run(args, { EDGEZERO_PROBE_SECRET: secret }),
    gateway,
    gatewayWith,
    fake: async (answer) => closed(await startFakeGateway(answer)),
    balance,
    async four(path) {
      const all = await Promise.all([gateway(), gateway(), gateway(), gateway(path)]);
      return { url: (await balance(all)).url, all };
    },
  };
}
