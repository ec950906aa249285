import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DeadlineError, withDeadline } from "./deadline.ts";

const never = async (): Promise<never> => new Promise(() => {});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("gives what the action gives, and leaves no timer behind", async () => {
  expect(await withDeadline(1000, async () => "done")).toBe("done");
  expect(vi.getTimerCount()).toBe(0);
});

test("throws what the action throws, at once or later, and leaves no timer behind", async () => {
  const fault = new TypeError("broken");
  const rejecting = withDeadline(1000, async () => Promise.reject(fault));
  await expect(rejecting).rejects.toBe(fault);
  const throwing = withDeadline(1000, () => {
    throw fault;
  });
  await expect(throwing).rejects.toBe(fault);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  { name: "its own message", message: undefined, expected: "no answer in 1000 ms" },
  { name: "the one that was given", message: "/srv hangs", expected: "/srv hangs" },
])("throws a DeadlineError when the time is up, with $name", async ({ message, expected }) => {
  const outcome = withDeadline(1000, never, message).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome).toEqual(new DeadlineError(expected));
  expect(await outcome).toBeInstanceOf(DeadlineError);
});

test("aborts the action's signal with the same fault when the time is up, and not before", async () => {
  let signal: AbortSignal | undefined;
  const outcome = withDeadline(1000, async (given) => {
    signal = given;
    return never();
  }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(999);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(signal?.reason).toBe(await outcome);
});

test("does not abort the signal of an action that was in time", async () => {
  let signal: AbortSignal | undefined;
  await withDeadline(1000, async (given) => void (signal = given));
  await vi.advanceTimersByTimeAsync(5000);
  expect(signal?.aborted).toBe(false);
});

test("ignores a fault that comes too late", async () => {
  const late = Promise.withResolvers<never>();
  const outcome = withDeadline(1000, async () => late.promise).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1000);
  late.reject(new Error("too late"));
  expect(await outcome).toBeInstanceOf(DeadlineError);
});
