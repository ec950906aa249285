import { responseTo } from "@edgezero/testbed/http-client";
import { beforeAll, describe, expect, test } from "vitest";
import type { LogLine, Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { open, send } from "../http-client.ts";
import { allTo, enabledAt } from "../stage.ts";

/** A failed origin gives an error response, and the next request is served again. */
export function describeBrokenOrigins(
  { logsOriginFaults, clients }: Runtime,
  onStage: OnStage,
): void {
  const canSay = logsOriginFaults === true;
  const why = canSay ? "" : `, not tested: ${logsOriginFaults}`;
  describe("broken origins", () => {
    // At once, since each waits until the gateway gives its origin up.
    test("one that hangs is a 504, on either path", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(enabledAt(50));
      for (const origin of Object.values(origins)) origin.handler = () => {};
      const below = clients.find(({ bucket }) => bucket < 50)?.text ?? "";
      const above = clients.find(({ bucket }) => bucket >= 50)?.text ?? "";
      const asked = [below, above].map(async (clientIp) => send(gateway, { clientIp }));
      const answers = await Promise.all(asked);
      expect(answers.map(({ status, path }) => [status, path])).toEqual([
        [504, "edgezero"],
        [504, "legacy"],
      ]);
    });

    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      beforeAll(async () => onStage().gateway.write(allTo(path)));

      test("one that refuses is a 502, until it is there again", async () => {
        const { gateway, origins } = onStage();
        await origins[path].whileDown(async () => {
          const { status, path: taken } = await send(gateway);
          expect([status, taken]).toEqual([502, path]);
        });
        origins[path].handler = (_, response) => void response.end("back");
        expect(await send(gateway)).toMatchObject({ status: 200, text: "back" });
      });

      test.skipIf(!canSay)(`the log says at warn which origin failed${why}`, async () => {
        const { gateway, origins } = onStage();
        await origins[path].whileDown(async () => void (await send(gateway)));
        const isSaid = (line: LogLine): boolean =>
          (line["msg"] ?? line["message"]) === "the origin failed" && line["path"] === path;
        await expect
          .poll(() => gateway.log.find(isSaid))
          .toMatchObject({ level: expect.toBeOneOf(["warn", 40]), count: expect.any(Number) });
      });

      test("one that closes the connection without an answer is a 502", async () => {
        const { gateway, origins } = onStage();
        origins[path].handler = (request) => void request.socket.destroy();
        const { status, path: taken } = await send(gateway, { method: "POST", body: "x" });
        expect([status, taken]).toEqual([502, path]);
      });

      test.each([
        ["of known length", { "content-length": "1000000" }],
        ["in chunks", { "transfer-encoding": "chunked" }],
      ])(
        "one that dies within a body, %s: the client sees that it broke off",
        async (_, headers) => {
          const { gateway, origins } = onStage();
          origins[path].handler = (request, response) => {
            response.writeHead(200, headers);
            response.write("the start", () => request.socket.destroy());
          };
          const request = open(gateway);
          request.end();
          const response = await responseTo(request);
          expect([response.statusCode, response.headers["x-edgezero-path"]]).toEqual([200, path]);
          await expect(response.resume().toArray()).rejects.toThrow("aborted");
          origins[path].handler = (__, next) => void next.end("served again");
          expect((await send(gateway)).text).toBe("served again");
        },
      );
    });
  });
}
