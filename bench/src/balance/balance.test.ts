import { expect, test } from "vitest";
import { readResult } from "../report/results.ts";
import { balanceByAddress, balanceWithinNetworks } from "./by-address.ts";
import { balanceByRequest } from "./by-request.ts";
import { LARGEST_USUAL } from "./chi-square.ts";
import type { BalanceData } from "./measure.ts";

const { data } = readResult<BalanceData>("balance");

test("the published shares of addresses are those of this code", () => {
  expect(balanceByAddress(data.scale.addresses)).toEqual(data.byAddress);
  expect(balanceWithinNetworks(data.scale.networks)).toEqual(data.withinNetworks);
});

test("a million addresses of any kind are spread as evenly as at random, or more", () => {
  for (const { shares, chiSquare } of data.byAddress) {
    expect(chiSquare).toBeLessThan(LARGEST_USUAL);
    expect(Math.abs((shares[1] ?? 0) - 10)).toBeLessThan(0.2);
  }
});

test("the same sets of clients come in every run", () => {
  const once = balanceByRequest(2);
  expect(balanceByRequest(2)).toEqual(once);
  const [alike] = once;
  expect(Math.abs((alike?.shares[1]?.median ?? 0) - 10)).toBeLessThan(0.5);
});
