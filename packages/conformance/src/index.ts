export type { ConfigStoreFixture, ConfigValues } from "@edgezero/config-store-contract";
export { describeConfigStore } from "@edgezero/config-store-contract";
