import { createHmac, timingSafeEqual } from "node:crypto";

const SIGNED = /^(.*); signature=([\w-]{43})$/;

/** The signature of a gateway's answer to a token: by the secret that they share, for this token alone. */
export function answerSignature(token: string, answer: string, secret: string): string {
  const text = `edgezero-probe\n${token.split(".").at(-1)}\n${answer}`;
  return createHmac("sha256", secret).update(text).digest("base64url");
}

/**
 * The answer in a header, if it was signed with the secret and for the token; else `null`. So a server
 * that does not have the secret cannot answer, and neither can a cache with the answer to another probe.
 */
export function genuineAnswer(header: string, token: string, secret: string): string | null {
  const [, answer = "", given = ""] = SIGNED.exec(header) ?? [];
  const expected = answerSignature(token, answer, secret);
  const isGenuine =
    given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  return isGenuine ? answer : null;
}
