import type { Arbitrary } from "fast-check";
import * as fc from "fast-check";

/**
 * Texts of any UTF-16 units, lone surrogates and control characters among them. Not `fc.string` with the
 * unit `binary`: to make that alone takes more than a second.
 */
export const anyText: Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xff_ff)), { maxLength: 200 })
  .map((units) => String.fromCharCode(...units));
