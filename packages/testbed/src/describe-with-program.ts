import { beforeAll, describe } from "vitest";

/** `describe` that skips its tests, and prints why, if a program is missing; with `CI=true` they fail. */
export function describeWithProgram(missing: string | null, name: string, tests: () => void): void {
  const canSkip = missing !== null && process.env["CI"] !== "true";
  if (canSkip) console.log(`Skipped: ${name}. ${missing}`);
  describe.skipIf(canSkip).each([name])("%s", () => {
    beforeAll(() => {
      if (missing !== null) throw new Error(missing);
    });
    tests();
  });
}
