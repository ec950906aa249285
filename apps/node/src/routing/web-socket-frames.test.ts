import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FrameFollower, GOING_AWAY } from "./web-socket-frames.ts";

const RUNS = { numRuns: 300 };

/** A frame as RFC 6455, section 5.2, has it. */
function frame(length: number, isMasked: boolean): Buffer {
  const mask = isMasked ? 0x80 : 0;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x82;
  header[1] = mask | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, Buffer.alloc(isMasked ? 4 : 0, 7), Buffer.alloc(length, 0x88)]);
}

test("the closing frame is one of two bytes, the code 1001", () => {
  expect([...GOING_AWAY]).toEqual([0x88, 2, 1001 >> 8, 1001 & 0xff]);
});

test("another frame may come between frames, wherever their bytes are split", () => {
  const length = fc.oneof(fc.nat(200), fc.constantFrom(0, 125, 126, 127, 65_535, 65_536, 70_000));
  const frames = fc.array(fc.tuple(length, fc.boolean()), { maxLength: 5 });
  fc.assert(
    fc.property(frames, fc.array(fc.nat(100_000), { maxLength: 20 }), (sizes, cuts) => {
      const all = sizes.map(([size, isMasked]) => frame(size, isMasked));
      const bytes = Buffer.concat(all);
      const ends = new Set<number>([0]);
      let end = 0;
      for (const each of all) ends.add((end += each.length));
      const follower = new FrameFollower();
      let at = 0;
      for (const cut of [...cuts, end].toSorted((a, b) => a - b)) {
        if (cut > end) continue;
        follower.push(bytes.subarray(at, cut));
        at = cut;
        expect(follower.isBetweenFrames).toBe(ends.has(at));
      }
    }),
    RUNS,
  );
});

test("each single byte is followed", () => {
  const bytes = Buffer.concat([frame(3, false), frame(130, true), frame(65_536, false)]);
  const follower = new FrameFollower();
  const between: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (follower.isBetweenFrames) between.push(at);
    follower.push(bytes.subarray(at, at + 1));
  }
  expect([between, follower.isBetweenFrames]).toEqual([[0, 5, 143], true]);
});
