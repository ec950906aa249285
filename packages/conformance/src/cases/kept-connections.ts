import type { RequestListener } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

const ROUNDS = 6;

/** An origin that closes each connection without a byte when a second request comes on it. */
function closingKept(onRequest: (id: string) => void): RequestListener {
  const served = new WeakSet<object>();
  return (request, response) => {
    onRequest(String(request.headers["x-id"]));
    if (served.has(request.socket)) {
      request.socket.destroy();
      return;
    }
    served.add(request.socket);
    request.resume().on("end", () => response.end("ok"));
  };
}

/** A connection to an origin may be closed just as it is used again: what changes nothing is sent once more. */
export function describeKeptConnections({ sendsAgain }: Runtime, onStage: OnStage): void {
  const doesSend = sendsAgain === true;
  const why = doesSend ? "" : `, not tested: ${sendsAgain}`;
  describe("a kept connection that the origin closes", () => {
    let asked: string[];
    beforeEach(async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("edgezero"));
      asked = [];
      origins.edgezero.handler = closingKept((id) => asked.push(id));
    });

    test.skipIf(!doesSend)(`costs no GET${why}`, async () => {
      const statuses: number[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        statuses.push((await send(onStage().gateway, { headers: { "x-id": `${i}` } })).status);
      }
      expect(statuses).toEqual(Array(ROUNDS).fill(200));
      // It did keep connections, and one was closed.
      expect(asked.length).toBeGreaterThan(ROUNDS);
    });

    test("sends no POST twice", async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const headers = { "x-id": `${i}`, "content-length": "4" };
        await send(onStage().gateway, { method: "POST", headers, body: "body" });
      }
      expect(asked).toEqual(Array.from({ length: ROUNDS }, (_, i) => `${i}`));
    });
  });
}
