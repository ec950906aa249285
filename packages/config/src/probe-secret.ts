/** The environment variable that has the secret of probes unless the environment names another. */
export const PROBE_SECRET_ENV = "EDGEZERO_PROBE_SECRET";

const LEAST_CHARACTERS = 32;

/** The secret by which a command signs its probes. */
export type ProbeSecret =
  | { readonly secret: string; readonly finding: null }
  /** There is no usable secret. `finding` says what is wrong with it; `null` where it is not set. */
  | { readonly secret: null; readonly finding: string | null };

/**
 * Finds the secret of probes in the variable `name`. A variable that the config file names must be
 * set. White space around it is taken off, as gateways do. The finding never holds the secret.
 */
export function probeSecretOf(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): ProbeSecret {
  const given = variables[name] ?? "";
  const secret = given.trim();
  if (secret.length >= LEAST_CHARACTERS) return { secret, finding: null };
  if (given !== "") {
    const finding = `${name} has ${secret.length} characters, not at least ${LEAST_CHARACTERS}`;
    return { secret: null, finding };
  }
  const isWanted = name !== PROBE_SECRET_ENV;
  return { secret: null, finding: isWanted ? `${name} is not set` : null };
}
