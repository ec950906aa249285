import type { StoreKind } from "../store-kind.ts";

/** The config file of the Node gateway. */
export const FILE: StoreKind = {
  name: "Node, config file",
  schemes: ["file"],
  form: "file:./rollout.json",
  propagation: {
    // The gateway's poll, where the file system reports no changes.
    ms: 1000,
    text: "at once; within a second where the file system reports no changes",
  },
  shown: (url) => url,
  load: async () => import("./operator.ts"),
};
