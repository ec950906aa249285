import { StoreError } from "./operator-store.ts";

/** Gives up on what takes longer than `ms` milliseconds, such as a file on a mount that hangs. */
export async function within<T>(ms: number, what: string, action: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreError(`${what} did not answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([action(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
