/** Closes a WebSocket from the server's side, with the code 1001: RFC 6455, sections 5.5.1 and 7.4.1. */
export const GOING_AWAY: Buffer = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

const IS_MASKED = 0x80;
const LENGTH = 0x7f;

/**
 * Follows the frames that one side of a WebSocket sends, and tells whether another frame may come
 * next: RFC 6455, section 5.2. Bytes within a frame would count as a part of it.
 */
export class FrameFollower {
  #header: number[] = [];
  #payloadLeft = 0;

  get isBetweenFrames(): boolean {
    return this.#payloadLeft === 0 && this.#header.length === 0;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const length = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= length;
        at += length;
      } else {
        this.#header.push(chunk[at] as number);
        at++;
        this.#endHeader();
      }
    }
  }

  #endHeader(): void {
    const [, second, ...rest] = this.#header;
    if (second === undefined) return;
    const length = second & LENGTH;
    const lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0;
    const maskBytes = (second & IS_MASKED) === 0 ? 0 : 4;
    if (rest.length < lengthBytes + maskBytes) return;
    this.#header = [];
    this.#payloadLeft =
      lengthBytes === 0
        ? length
        : rest.slice(0, lengthBytes).reduce((value, byte) => value * 256 + byte, 0);
  }
}
