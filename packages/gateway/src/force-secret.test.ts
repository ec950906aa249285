import { createForce } from "@edgezero/rollout/force";
import { examineSetting, FASTLY_SECRET } from "@edgezero/settings";
import { expect, test } from "vitest";

test.each([1, 31, 32, 33])(
  "the core and the settings agree on a secret of %i characters",
  (length) => {
    const secret = "s".repeat(length);
    const isValid = examineSetting(FASTLY_SECRET, secret).finding === null;
    expect(isAccepted(secret)).toBe(isValid);
  },
);

function isAccepted(secret: string): boolean {
  try {
    createForce({ secret });
    return true;
  } catch {
    return false;
  }
}
