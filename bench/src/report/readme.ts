import type { BalanceData } from "../balance/measure.ts";
import type { DecisionData } from "../decision/measure.ts";
import type { SizeData } from "../size/measure.ts";
import { addressTable, requestTable } from "./balance-table.ts";
import { decisionTable } from "./decision-table.ts";
import { goalTable } from "./goals.ts";
import type { HttpData } from "./http-table.ts";
import { gatewayTable, proxyTable } from "./http-table.ts";
import type { Result } from "./results.ts";
import { readResult } from "./results.ts";
import type { ScaleData } from "./scale-table.ts";
import {
  connectionTable,
  gatewayScaleTable,
  platformTable,
  requestScaleTable,
} from "./scale-table.ts";
import { sizeTable } from "./size-table.ts";

/** Puts the results' tables between the marks of a text: `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withTables(text: string): string {
  const decision = readResult<DecisionData>("decision");
  const size = readResult<SizeData>("size");
  const balance = readResult<BalanceData>("balance");
  const http = readResult<HttpData>("http");
  const scale = readResult<ScaleData>("scale");
  const parts: Record<string, string> = {
    goals: goalTable(decision.data, size.data, http.data),
    decision: `${decisionTable(decision.data)}\n\n${origin(decision)}`,
    size: `${sizeTable(size.data)}\n\n${origin(size)}`,
    "balance-addresses": addressTable(balance.data),
    "balance-requests": requestTable(balance.data),
    "http-gateways": gatewayTable(http.data),
    "http-proxies": `${proxyTable(http.data)}\n\n${origin(http)}`,
    "scale-requests": requestScaleTable(scale.data),
    "scale-connections": connectionTable(scale.data),
    "scale-gateways": gatewayScaleTable(scale.data),
    "scale-platforms": `${platformTable(scale.data)}\n\n${origin(scale)}`,
  };
  let filled = text;
  for (const [name, part] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
    if (!between.test(filled)) throw new Error(`There are no marks for ${name}`);
    filled = filled.replace(
      between,
      (_, start: string, end: string) => `${start}\n\n${part}\n\n${end}`,
    );
  }
  return filled;
}

/** When, where and with what a result was measured. */
function origin({ measuredAt, machine, versions }: Result<unknown>): string {
  const { cpu, cores, memoryGb, system } = machine;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured ${measuredAt.slice(0, 10)} on ${cores} cores (${cpu}), ${memoryGb} GB, ${system}, with ${programs.join(", ")}.`;
}
