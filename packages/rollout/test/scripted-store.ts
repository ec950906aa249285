import type { ConfigStore } from "../src/index.ts";
import { ConfigStoreUnavailableError, EDGEZERO_ENABLED_KEY } from "../src/index.ts";

/** What a store does when one key is read: answer with anything, or throw. */
export type Answer = () => unknown;

export interface ScriptedStore extends ConfigStore {
  /** The keys that were read, in order. */
  readonly reads: string[];
}

/** A store that does as told for each of the two keys. */
export function storeThat(flag: Answer, pct: Answer): ScriptedStore {
  const reads: string[] = [];
  const get = (key: string): unknown => {
    reads.push(key);
    return key === EDGEZERO_ENABLED_KEY ? flag() : pct();
  };
  return { reads, get } as ScriptedStore;
}

/** A store that holds these values. */
export function storeOf(flag: string | null, pct: string | null): ScriptedStore {
  return storeThat(
    () => flag,
    () => pct,
  );
}

export const answers =
  (value: unknown): Answer =>
  () =>
    value;

export const throws =
  (error: unknown): Answer =>
  () => {
    throw error;
  };

export const answersLater =
  (value: unknown): Answer =>
  async () =>
    value;

export const rejects =
  (error: unknown): Answer =>
  async () => {
    throw error;
  };

export const neverAnswers: Answer = () => new Promise(() => {});

export const cannotBeOpened: Answer = throws(new ConfigStoreUnavailableError("not linked"));
