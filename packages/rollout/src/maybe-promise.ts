/** A value that is there at once where its source is synchronous, and otherwise a promise of it. */
export type MaybePromise<T> = T | Promise<T>;
