/** A value that is there at once where its source is synchronous, and otherwise a promise of it. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on at once with a value that is there, so that a request over a warm store never waits. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
