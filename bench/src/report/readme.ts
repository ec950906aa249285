import type { BalanceData } from "../balance/measure.ts";
import type { DecisionData } from "../decision/measure.ts";
import type { SizeData } from "../size/measure.ts";
import { addressTable, requestTable } from "./balance-table.ts";
import { decisionTable } from "./decision-table.ts";
import { goalTable } from "./goals.ts";
import type { HttpData } from "./http-table.ts";
import { gatewayTable } from "./http-table.ts";
import type { LimitData } from "../limits/measure.ts";
import { limitTable } from "./limit-table.ts";
import type { NginxData } from "../nginx/measure.ts";
import { nginxTable } from "./nginx-table.ts";
import type { ProxyRow } from "../proxies/measure.ts";
import { proxyTable } from "./proxy-table.ts";
import type { WorkerData } from "../workers/measure.ts";
import { workerTable } from "./worker-table.ts";
import type { Result } from "./results.ts";
import { isBusy, readResult } from "./results.ts";
import type { ScaleData } from "./scale-table.ts";
import {
  connectionTable,
  gatewayScaleTable,
  platformTable,
  requestScaleTable,
} from "./scale-table.ts";
import { sizeTable } from "./size-table.ts";
import { figure } from "./table.ts";
import type { VerdictData } from "../verdicts/measure.ts";
import { verdictTable } from "./verdict-table.ts";

/** Puts the results' tables between the marks of a text: `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withTables(text: string): string {
  const decision = readResult<DecisionData>("decision");
  const size = readResult<SizeData>("size");
  const balance = readResult<BalanceData>("balance");
  const http = readResult<HttpData>("http");
  const proxies = readResult<readonly ProxyRow[]>("proxies");
  const scale = readResult<ScaleData>("scale");
  const limits = readResult<LimitData>("limits");
  const nginx = readResult<NginxData>("nginx");
  const verdicts = readResult<VerdictData>("verdicts");
  const workers = readResult<WorkerData>("workers");
  const parts: Record<string, string> = {
    goals: goalTable({
      decision: decision.data,
      size: size.data,
      verdicts: verdicts.data,
      http,
      proxies,
      nginx: nginx.data,
      workers: workers.data,
    }),
    decision: `${decisionTable(decision.data)}\n\n${origin(decision)}`,
    size: `${sizeTable(size.data)}\n\n${origin(size)}`,
    "balance-addresses": addressTable(balance.data),
    "balance-requests": requestTable(balance.data),
    verdicts: `${verdictTable(verdicts.data)}\n\n${origin(verdicts)}`,
    "http-gateways": `${gatewayTable(http.data)}\n\n${origin(http)}`,
    "http-proxies": `${proxyTable(proxies.data)}\n\n${origin(proxies)}`,
    "scale-requests": requestScaleTable(scale.data),
    "scale-connections": connectionTable(scale.data),
    "scale-gateways": gatewayScaleTable(scale.data),
    "scale-platforms": `${platformTable(scale.data)}\n\n${origin(scale)}`,
    nginx: `${nginxTable(nginx.data)}\n\n${origin(nginx)}`,
    workers: `${workerTable(workers.data)}\n\n${origin(workers)}`,
    limits: `${limitTable(limits.data)}\n\n${origin(limits)}`,
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
function origin(result: Result<unknown>): string {
  const { measuredAt, machine, versions, loadAverage = 0 } = result;
  const { cpu, cores, memoryGb, system } = machine;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const beside = isBusy(result)
    ? ` The machine was busy: a load average of ${figure(loadAverage)}, of which a measurement makes about 3.`
    : "";
  return `Measured ${measuredAt.slice(0, 10)} on ${cores} cores (${cpu}), ${memoryGb} GB, ${system}, with ${programs.join(", ")}.${beside}`;
}
