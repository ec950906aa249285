import { PERCENTAGES } from "../balance/by-address.ts";
import type { BalanceData } from "../balance/measure.ts";
import { table } from "./table.ts";

/** One row for each kind of addresses. */
export function addressTable({ byAddress }: BalanceData): string {
  const head = ["distinct addresses", ...PERCENTAGES.map((pct) => `at ${pct} %`), "chi-square"];
  const body = byAddress.map(({ name, shares, chiSquare }) => [
    name,
    ...shares.map((share) => share.toFixed(2)),
    chiSquare.toFixed(1),
  ]);
  return table(head, body);
}

/** One row for each kind of traffic. */
export function requestTable({ byRequest }: BalanceData): string {
  const head = [
    "requests of 100,000 clients",
    "busiest, %",
    ...PERCENTAGES.map((pct) => `at ${pct} %`),
  ];
  const body = byRequest.map(({ name, busiest, shares }) => [
    name,
    busiest.toFixed(busiest < 0.01 ? 3 : 2),
    ...shares.map(({ low, high }) => `${low.toFixed(1)} to ${high.toFixed(1)}`),
  ]);
  return table(head, body);
}
