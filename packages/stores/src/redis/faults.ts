import { messageOf } from "@edgezero/faults/faults";
import { ErrorReply } from "@redis/client";

/** The server's refusals that last until an operator changes something. */
const REFUSALS =
  /^(WRONGTYPE|WRONGPASS|NOAUTH|NOPERM|NOPROTO|ERR unknown command|ERR invalid password)\b/;
/** The refusals of a user or a password. A server older than Redis 6 has its own words. */
const OF_USER = /^(WRONGPASS|NOAUTH|ERR invalid password)\b/;
const LONGEST = 200;

/** Says what a refusal means; `null` for every other fault. */
export type MeaningOf = (code: string) => string | null;

/** What the gateway and the command say alike. */
export function commonMeaning(code: string, key: string): string | null {
  if (code === "NOAUTH") return "it wants a password, and the URL has none";
  if (code === "WRONGPASS") return "it refuses the user or the password in the URL";
  if (code === "WRONGTYPE") return `the key ${key} is not a hash`;
  return null;
}

/** The message of a fault of Redis or of the connection to it. It holds no password. */
export function redisMessage(error: unknown, meaningOf: MeaningOf = () => null): string {
  const message = plainMessage(error);
  const meaning = meaningOf(codeIn(message));
  return meaning === null ? message : `${meaning} (${message})`;
}

/** Whether the server has refused for good, as opposed to a fault that may pass. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ErrorReply && REFUSALS.test(plainMessage(error));
}

/** Whether the server refuses the user or the password. */
export function isOfUser(error: unknown): boolean {
  return error instanceof ErrorReply && OF_USER.test(plainMessage(error));
}

/** The code that an error reply begins with, such as `NOPERM`; the empty text where there is none. */
export function replyCode(error: unknown): string {
  return error instanceof ErrorReply ? codeIn(plainMessage(error)) : "";
}

/** A command that the user may not use is refused in a script in other words than outside. */
const REFUSED_IN_SCRIPT = /^ERR The user executing the script can't /;

function codeIn(message: string): string {
  if (REFUSED_IN_SCRIPT.test(message)) return "NOPERM";
  return /^[A-Z]+/.exec(message)?.[0] ?? "";
}

function plainMessage(error: unknown): string {
  // A host with several addresses gives several errors, and an empty message.
  const text =
    error instanceof AggregateError ? error.errors.map(String).join("; ") : messageOf(error);
  // An old server repeats the arguments of a command that it does not know, the password included.
  return text.replace(/,? with args beginning with.*/s, "").slice(0, LONGEST);
}
