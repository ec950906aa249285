import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { HANDSHAKE, REFUSAL } from "../handshake.ts";
import { send } from "../http-client.ts";
import { allTo } from "../stage.ts";

const HANDSHAKE_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const UPGRADED = ["HTTP/1.1 101 Switching Protocols", "upgrade: websocket", "connection: upgrade"];
/** A WebSocket passes through a path, with messages in both directions. */
export function describeWebSockets(onStage: OnStage): void {
  describe("WebSockets", () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      beforeAll(async () => onStage().gateway.write(allTo(path)));

      test("messages go both ways", async () => {
        const { gateway, origins } = onStage();
        origins[path].upgradeHandler = (request, socket) => answerAll(request, socket, path);
        const socket = new WebSocket(gateway.route().url.replace(/^http/, "ws"));
        await once(socket, "open");
        for (const text of ["one", "two"]) {
          socket.send(text);
          const [{ data }] = (await once(socket, "message")) as [MessageEvent];
          expect(data).toBe(`${path}: ${text}`);
        }
        socket.close();
      });

      test("an origin may refuse, and its answer is passed on", async () => {
        const { gateway, origins } = onStage();
        origins[path].upgradeHandler = (_, socket) => void socket.end(REFUSAL);
        const answer = await send(gateway, { headers: HANDSHAKE });
        expect([answer.status, answer.text]).toEqual([403, "no"]);
      });

      test("what a client claims of its path does not reach the origin", async () => {
        const { gateway, origins } = onStage();
        const claimed = new Promise((resolve) => {
          origins[path].upgradeHandler = (request, socket) => {
            resolve(request.headers["x-edgezero-path"]);
            socket.end(REFUSAL);
          };
        });
        await send(gateway, { headers: { ...HANDSHAKE, "x-edgezero-path": "forged" } });
        expect(await claimed).toBeUndefined();
      });
    });
  });
}

/** Accepts a WebSocket. Answers each short message with its text and the path that it took. */
function answerAll(request: IncomingMessage, socket: Duplex, path: string): void {
  const key = `${request.headers["sec-websocket-key"]}${HANDSHAKE_SUFFIX}`;
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write([...UPGRADED, `sec-websocket-accept: ${accept}`, "", ""].join("\r\n"));
  socket.on("data", (frame: Buffer) => {
    const isText = ((frame[0] ?? 0) & 0x0f) === 1;
    if (isText) socket.write(textFrame(`${path}: ${textOf(frame)}`));
    else socket.end();
  });
}

/** The text of a client's frame: two bytes of header, four of mask. */
function textOf(frame: Buffer): string {
  const mask = frame.subarray(2, 6);
  return frame
    .subarray(6)
    .map((byte, i) => byte ^ (mask[i % 4] ?? 0))
    .toString();
}

function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]);
}
