import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from allocating a request's objects in the old generation.
 *
 * V8 does so (it calls it pretenuring) for code whose objects once mostly survived, as they do when
 * many requests reach a process that has just started. Such objects, once dead, keep alive the parts
 * of their request that they refer to. Under load, about every third proxy process settled at 80 MB
 * more, a fifth more CPU time a request and twice the p99.
 */
export function disablePretenuring(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
