import { describe, expect, test } from "vitest";
import { PROBE_SECRET_ENV, probeSecretOf } from "./probe-secret.ts";

const SECRET = "s".repeat(32);

describe("the secret of probes", () => {
  test.each([
    { name: PROBE_SECRET_ENV, value: SECRET, secret: SECRET, finding: null },
    { name: PROBE_SECRET_ENV, value: undefined, secret: null, finding: null },
    { name: PROBE_SECRET_ENV, value: "", secret: null, finding: null },
    {
      name: PROBE_SECRET_ENV,
      value: "hunter22",
      secret: null,
      finding: "EDGEZERO_PROBE_SECRET has 8 characters, not at least 32",
    },
    { name: PROBE_SECRET_ENV, value: ` ${SECRET}\n\n`, secret: SECRET, finding: null },
    {
      name: PROBE_SECRET_ENV,
      value: " ".repeat(40),
      secret: null,
      finding: "EDGEZERO_PROBE_SECRET has 0 characters, not at least 32",
    },
    { name: "SHOP_SECRET", value: undefined, secret: null, finding: "SHOP_SECRET is not set" },
  ])("$name=$value", ({ name, value, secret, finding }) => {
    expect(probeSecretOf(name, { [name]: value })).toEqual({ secret, finding });
  });
});
