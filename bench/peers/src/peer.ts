/** One way to ask whether an address is in the rollout, set up and ready. */
export interface Rollout {
  /**
   * Asks for each address; gives how many are in the rollout. Each has a loop of its own, since one
   * loop for all would be compiled for none of them.
   */
  count(addresses: readonly string[]): number | Promise<number>;
}

/** The name of the flag, in every peer that names its flags. */
export const FLAG = "edgezero";
