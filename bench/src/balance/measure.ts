import type { AddressBalance } from "./by-address.ts";
import { balanceByAddress, balanceWithinNetworks } from "./by-address.ts";
import type { RequestBalance } from "./by-request.ts";
import { balanceByRequest } from "./by-request.ts";

/** How much is looked at. */
export interface BalanceScale {
  readonly addresses: number;
  readonly networks: number;
  /** Sets of 100,000 clients. */
  readonly sets: number;
}

/** The scale of the numbers that are published. */
export const FULL_SCALE: BalanceScale = { addresses: 1_000_000, networks: 65_536, sets: 200 };

/** How close the share comes to the percentage, by address and by request. */
export interface BalanceData {
  readonly scale: BalanceScale;
  readonly byAddress: readonly AddressBalance[];
  /** At 10 per cent, within single /24 networks. */
  readonly withinNetworks: { readonly least: number; readonly greatest: number };
  readonly byRequest: readonly RequestBalance[];
}

/** The same in every run and on every machine. */
export function measureBalance(scale: BalanceScale): BalanceData {
  return {
    scale,
    byAddress: balanceByAddress(scale.addresses),
    withinNetworks: balanceWithinNetworks(scale.networks),
    byRequest: balanceByRequest(scale.sets),
  };
}
