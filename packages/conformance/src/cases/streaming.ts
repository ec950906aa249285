import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { responseTo } from "@edgezero/testbed/http-client";
import { beforeAll, describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { open, send } from "../http-client.ts";
import { allTo } from "../stage.ts";

const LARGE = randomBytes(8 * 1024 * 1024);
const LARGE_HASH = hashOf(LARGE);

/** Bodies pass through a path while they are still being sent, whatever their size. */
export function describeStreaming(onStage: OnStage): void {
  describe("streaming", () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      beforeAll(async () => onStage().gateway.write(allTo(path)));

      test("a response reaches the client before it is complete", async () => {
        const { gateway, origins } = onStage();
        const started = new Promise<ServerResponse>((resolve) => {
          origins[path].handler = (_, response) => {
            response.write("first");
            resolve(response);
          };
        });
        const request = open(gateway);
        request.end();
        const response = await responseTo(request);
        const [first] = (await once(response, "data")) as [Buffer];
        // The origin writes the rest only now.
        (await started).end(" last");
        expect(first.toString()).toBe("first");
        expect((await buffer(response)).toString()).toBe(" last");
        expect(response.headers["x-edgezero-path"]).toBe(path);
      });

      test("a request reaches the origin before it is complete", async () => {
        const { gateway, origins } = onStage();
        const firstAtOrigin = new Promise<string>((resolve) => {
          origins[path].handler = (request, response) => {
            let received = "";
            request.on("data", (chunk: Buffer) => {
              received += chunk.toString();
              resolve(received);
            });
            request.on("end", () => response.end(received));
          };
        });
        const request = open(gateway, { method: "POST" });
        const answered = responseTo(request);
        request.write("first");
        expect(await firstAtOrigin).toBe("first");
        request.end(" last");
        expect((await buffer(await answered)).toString()).toBe("first last");
      });

      test.each([
        ["of known length", { "content-length": LARGE.length }],
        ["in chunks", { "transfer-encoding": "chunked" }],
      ])("8 MB to the client, %s", async (_, headers) => {
        const { gateway, origins } = onStage();
        origins[path].handler = (__, response) => void response.writeHead(200, headers).end(LARGE);
        const { body } = await send(gateway);
        expect([body.length, hashOf(body)]).toEqual([LARGE.length, LARGE_HASH]);
      });

      test.each([
        ["of known length", { "content-length": LARGE.length }],
        ["in chunks", { "transfer-encoding": "chunked" }],
      ])("8 MB to the origin, %s", async (_, headers) => {
        const { gateway, origins } = onStage();
        origins[path].handler = async (request, response) => {
          response.end(hashOf(await buffer(request)));
        };
        const answer = await send(gateway, { method: "PUT", headers, body: LARGE });
        expect(answer.text).toBe(LARGE_HASH);
      });
    });
  });
}

function hashOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}
