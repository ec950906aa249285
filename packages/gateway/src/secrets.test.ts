import { createForce } from "@edgezero/rollout/force";
import { createProbe } from "@edgezero/rollout/probe";
import { examineSetting, FASTLY_SECRETS } from "@edgezero/settings";
import { describe, expect, test } from "vitest";

describe.each([
  { setting: FASTLY_SECRETS.FORCE_SECRET, create: (secret: string) => createForce({ secret }) },
  {
    setting: FASTLY_SECRETS.PROBE_SECRET,
    create: (secret: string) => createProbe({ secrets: [secret] }),
  },
  {
    setting: FASTLY_SECRETS.PROBE_SECRET_PREVIOUS,
    create: (secret: string) => createProbe({ secrets: [secret] }),
  },
])("$setting.name", ({ setting, create }) => {
  test.each([1, 31, 32, 33])(
    "the core and the settings agree on a secret of %i characters",
    (length) => {
      const secret = "s".repeat(length);
      const isValid = examineSetting(setting, secret).finding === null;
      expect(isAccepted(() => create(secret))).toBe(isValid);
    },
  );
});

function isAccepted(create: () => unknown): boolean {
  try {
    create();
    return true;
  } catch {
    return false;
  }
}
