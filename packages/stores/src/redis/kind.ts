import type { StoreKind } from "../store-kind.ts";
import { parseRedisUrl } from "./location.ts";

/** A hash in Redis. */
export const REDIS: StoreKind = {
  name: "Node, Redis",
  schemes: ["redis", "rediss"],
  form: "redis://host:6379",
  propagation: {
    // The gateway's poll, where the report of a change is lost.
    ms: 1000,
    text: "pushed to every gateway at once, usually within milliseconds; within a second or two where Redis reports no changes",
  },
  shown: (url) => parseRedisUrl(url)?.shown ?? null,
  load: async () => import("./operator.ts"),
};
