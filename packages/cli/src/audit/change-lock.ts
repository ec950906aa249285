import { messageOf } from "@edgezero/faults/faults";
import type { Coordination, HeldLock, Holder } from "@edgezero/stores/coordination";
import { CliError } from "../cli-error.ts";
import { agoText } from "../output/duration.ts";

/** Takes the lock of a change. @throws CliError when another operator holds it. */
export async function takeLock(
  { lock }: Coordination,
  who: string,
  command: string,
): Promise<HeldLock> {
  const attempt = await lock.take(who, command).catch((error: unknown) => {
    throw new CliError(
      "audit-broken",
      `the lock ${lock.location} cannot be used: ${messageOf(error)}`,
      {
        hint: "Nothing was written. `rollback` works without it.",
        cause: error,
      },
    );
  });
  if (attempt.kind === "held") return attempt.lock;
  const { holder } = attempt;
  throw new CliError("lock-held", `another change is under way: ${holderText(holder)}`, {
    hint: `Nothing was written. Try again when it is done; \`rollback\` never waits for it. If no one is at work, remove ${lock.location}.`,
    details: { holder },
  });
}

/** A holder, for people. */
export function holderText({ who, host, pid, since, command }: Holder): string {
  return `${who} holds the lock for \`${command}\` since ${since} (${agoText(since)}; process ${pid} on ${host})`;
}
