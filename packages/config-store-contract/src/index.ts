export type { ConfigStoreFixture, ConfigValues } from "./config-store-contract.ts";
export { describeConfigStore } from "./config-store-contract.ts";
