import * as fc from "fast-check";

// Property tests try the same cases in every run, so that a red run tells of the change and not of
// chance. PROPERTY_SEED gives another number, or `random` for new cases in each run.
const FIXED_SEED = 20_261_127;
const asked = process.env["PROPERTY_SEED"] ?? String(FIXED_SEED);
const seed = asked === "random" ? Date.now() & 0x7f_ff_ff_ff : Number(asked);
if (!Number.isInteger(seed)) {
  throw new Error(
    `PROPERTY_SEED is ${JSON.stringify(asked)}: it must be a whole number or "random"`,
  );
}
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
