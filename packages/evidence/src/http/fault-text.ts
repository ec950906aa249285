import { errorCode, messageOf } from "@edgezero/faults/faults";

/** Faults of a connection by their codes, for people. A library's own codes say nothing to them. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused (ECONNREFUSED)",
  ECONNRESET: "the connection was closed before the whole answer had come",
  EPIPE: "the connection was closed before the whole answer had come",
  UND_ERR_SOCKET: "the connection was closed before the whole answer had come",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer is not as long as it says",
  ENOTFOUND: "the name was not found (ENOTFOUND)",
  EAI_AGAIN: "the name server did not answer (EAI_AGAIN)",
  EHOSTUNREACH: "no route leads to the host (EHOSTUNREACH)",
  ENETUNREACH: "no route leads to the network (ENETUNREACH)",
  ETIMEDOUT: "the connection was not made in time",
  UND_ERR_CONNECT_TIMEOUT: "the connection was not made in time",
  UND_ERR_HEADERS_TIMEOUT: "the answer did not begin in time",
  UND_ERR_BODY_TIMEOUT: "the answer did not end in time",
};

/** A fault of a connection in words. An unknown one is its own message, with its code. */
export function faultText(fault: unknown): string {
  const code = errorCode(fault);
  const known = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  if (known !== undefined) return known;
  const message = messageOf(fault);
  if (message === "") return code;
  return code === "" || message.includes(code) ? message : `${message} (${code})`;
}
