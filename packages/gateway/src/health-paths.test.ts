import { expect, test } from "vitest";
import { healthPathsOf } from "./health-paths.ts";

test.each([
  { own: [], paths: ["/health"] },
  { own: [null, undefined], paths: ["/health"] },
  { own: ["/health"], paths: ["/health"] },
  { own: ["/-/alive", "/-/ready"], paths: ["/health", "/-/alive", "/-/ready"] },
])("with $own of the gateway, the paths of health checks are $paths", ({ own, paths }) => {
  expect(healthPathsOf(...own)).toEqual(paths);
});
