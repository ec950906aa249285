// Rules given at the start and no network, as at
// https://docs.statsig.com/server/nodejsServerSDK#statsig-options.
import statsig from "statsig-node";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

// A CommonJS module with a default export of its own.
const { default: Statsig } = statsig;

export async function open(percentage: number): Promise<Rollout> {
  const gate = {
    name: FLAG,
    type: "feature_gate",
    entity: "feature_gate",
    salt: "bench",
    enabled: true,
    defaultValue: false,
    idType: "userID",
    rules: [
      {
        name: "rollout",
        id: "rollout",
        salt: "rollout",
        groupName: "rollout",
        passPercentage: percentage,
        idType: "userID",
        returnValue: true,
        conditions: [
          { type: "public", targetValue: null, operator: null, field: null, idType: "userID" },
        ],
      },
    ],
  };
  await Statsig.initialize("secret-bench", {
    bootstrapValues: JSON.stringify({
      has_updates: true,
      time: 1,
      feature_gates: [gate],
      dynamic_configs: [],
      layer_configs: [],
      id_lists: {},
    }),
    localMode: true,
    disableDiagnostics: true,
    disableAllLogging: true,
    initStrategyForIP3Country: "none",
    initStrategyForIDLists: "none",
  });
  return {
    count(addresses) {
      let sum = 0;
      for (const userID of addresses) {
        // Without the event that it would send of each decision.
        sum += Statsig.checkGateWithExposureLoggingDisabledSync({ userID }, FLAG) ? 1 : 0;
      }
      return sum;
    },
  };
}
