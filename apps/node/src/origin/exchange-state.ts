/**
 * The state of an exchange. All transitions:
 *
 *     waiting          headers                 -> buffering
 *     waiting          headers, and no body    -> ended
 *     buffering        end of the body         -> buffered
 *     buffering        sendBody                -> sending
 *     buffered         sendBody                -> ended
 *     sending          the client is slower    -> held
 *     held             the client takes more   -> sending
 *     sending, held    end of the body         -> ended
 *     any of these, without buffered: a fault  -> ended
 *
 * In `buffered` and `ended` the origin has said all that counts: a fault after that is ignored, and a
 * client that goes away aborts nothing.
 */
export type ExchangeState =
  /** The origin has not sent its final headers. */
  | { readonly kind: "waiting" }
  /** The body arrives, and the gateway has not yet asked for it. */
  | { readonly kind: "buffering"; readonly chunks: Buffer[]; bytes: number }
  /** The whole body has arrived, and the gateway has not yet asked for it. */
  | { readonly kind: "buffered"; readonly chunks: readonly Buffer[] }
  /** Each chunk goes to the client as it arrives. */
  | { readonly kind: "sending" }
  /** The client must take what is written before the origin may send more. */
  | { readonly kind: "held" }
  | { readonly kind: "ended" };

/** The states that carry nothing, made once for all exchanges. */
export const WAITING: ExchangeState = { kind: "waiting" };
export const SENDING: ExchangeState = { kind: "sending" };
export const HELD: ExchangeState = { kind: "held" };
export const ENDED: ExchangeState = { kind: "ended" };

/** Tells whether the origin has said all that counts. */
export function isComplete({ kind }: ExchangeState): boolean {
  return kind === "buffered" || kind === "ended";
}
