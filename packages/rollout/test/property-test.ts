/**
 * Options of a test that draws its values by chance. Each says how many runs it makes (`numRuns`), so
 * that it does the same work everywhere. How long that takes is up to the machine: it takes a second or
 * two alone, and more than the usual 5 s beside other work on two cores.
 */
export const PROPERTY_TEST: { readonly timeout: number } = { timeout: 60_000 };
