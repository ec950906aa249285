import type { OriginAnswer, Outgoing } from "./handler.ts";

/** Reason phrases that Node can send. For others, such as undici's from Latin-1, Node writes its own. */
const REASON_PHRASE = /^[\t -~\x80-\xff]+$/;

/** Writes an origin's answer. A body that breaks off at the origin breaks off for the client too. */
export function sendAnswer(answer: OriginAnswer, outgoing: Outgoing): void {
  const { status, statusText, rawHeaders, body } = answer;
  if (REASON_PHRASE.test(statusText)) outgoing.writeHead(status, statusText, rawHeaders);
  else outgoing.writeHead(status, rawHeaders);
  if (body === null) outgoing.end();
  else body.sendBody();
}
