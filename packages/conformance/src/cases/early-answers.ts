import { describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

/** An origin may refuse an upload before it has all of it, and close. */
export function describeEarlyAnswers({ hearsEarlyAnswers }: Runtime, onStage: OnStage): void {
  const canHear = hearsEarlyAnswers === true;
  const why = canHear ? "" : `, not tested: ${hearsEarlyAnswers}`;
  describe.skipIf(!canHear)(`an origin that refuses an upload early${why}`, () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      test.each([
        { size: "0.5 MB", bytes: 500_000 },
        { size: "5 MB", bytes: 5_000_000 },
      ])("its answer is passed on: $size", async ({ bytes }) => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        origins[path].handler = ({ socket }, response) => {
          response.writeHead(413, { connection: "close" }).end("too large");
          response.on("finish", () => socket.destroy());
        };
        const seen: unknown[] = [];
        for (let i = 0; i < 6; i++) {
          const answer = await send(gateway, { method: "POST", body: Buffer.alloc(bytes) }).then(
            ({ status, path: taken }) => `${status} ${taken}`,
            ({ code }: NodeJS.ErrnoException) => code,
          );
          seen.push(answer);
        }
        expect(seen).toEqual(Array(6).fill(`413 ${path}`));
      });
    });
  });
}
