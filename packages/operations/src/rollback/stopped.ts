/** The reason of a signal by which someone, and not the time, ends a rollback. */
export const STOPPED = "stopped";
