import { readFileSync } from "node:fs";
import { join } from "node:path";
import { table } from "../markdown.ts";
import { REPOSITORY } from "../pages.ts";

/** The used parts of a file of `bench/results`. */
interface Result<Data> {
  readonly measuredAt: string;
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly data: Data;
}
interface Decision {
  readonly rows: readonly { readonly name: string; readonly nanoseconds: number }[];
}
interface Scale {
  readonly gateways: readonly { readonly gateways: number; readonly lastOldMsAtMost: number }[];
}
interface Http {
  readonly gateways: readonly { readonly title: string; readonly ratio: number }[];
}

/** Three figures of the benchmarks, each with the conditions under which it was measured. */
export function landingFiguresSection(): string {
  const decision = read<Decision>("decision");
  const scale = read<Scale>("scale");
  const http = read<Http>("http");
  const row = found(decision.data.rows.find(({ name }) => name === "createRollout().decide"));
  const most = found(scale.data.gateways.at(-1));
  const node = found(http.data.gateways.find(({ title }) => title === "Node"));
  return table(
    ["figure", "what it is", "conditions"],
    [
      [
        `${Math.round(row.nanoseconds)} ns`,
        "CPU time of one decision",
        `a million addresses, ${conditionsOf(decision)}`,
      ],
      [
        `${most.lastOldMsAtMost.toFixed(1)} ms`,
        "from a write to the last request that is routed by the old values",
        `${most.gateways} Node gateways and one Redis, ${conditionsOf(scale)}`,
      ],
      [
        `${node.ratio.toFixed(2)} times`,
        "throughput of the Node gateway, against the same gateway without the rollout",
        `loaded by wrk, ${conditionsOf(http)}`,
      ],
    ],
  );
}

function conditionsOf({ machine, measuredAt }: Result<unknown>): string {
  return `${machine.cores} cores of ${machine.cpu}, ${measuredAt.slice(0, 10)}`;
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("bench/results lacks a figure of the landing page");
  return value;
}

function read<Data>(name: string): Result<Data> {
  const path = join(REPOSITORY, "bench", "results", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as Result<Data>;
}
