import { describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { OnStage, Stage } from "../stage.ts";
import { allTo } from "../stage.ts";

/** Sends a request, and gives who was asked, the status, and the path that it took. */
async function ask(
  { gateway, origins }: Stage,
  method: string,
  path: string,
): Promise<[string, number, string | undefined]> {
  let asked = "the gateway";
  for (const name of ["legacy", "edgezero"] as const) {
    origins[name].handler = (_, response) => {
      asked = name;
      response.end(name);
    };
  }
  const { status, path: taken } = await send(gateway, { method, path });
  return [asked, status, taken];
}

/**
 * The health check is the gateway's own at one path, by GET and HEAD, and takes no path. All else is the
 * site's.
 *
 * @param healthPath The setting `HEALTH_PATH`; `off` where the gateway answers no health check.
 */
export function describeHealth(healthPath: string, onStage: OnStage): void {
  describe.each([healthPath])("health checks at %s", () => {
    const own = healthPath === "off" ? [] : [healthPath, `${healthPath}?from=balancer`];
    test.each(own.flatMap((path) => ["GET", "HEAD"].map((method) => ({ method, path }))))(
      "$method $path is the gateway's, whatever the values say",
      async ({ method, path }) => {
        const { gateway } = onStage();
        for (const values of [null, allTo("legacy"), allTo("edgezero")]) {
          await gateway.write(values);
          expect(await ask(onStage(), method, path)).toEqual(["the gateway", 200, undefined]);
        }
        const { text, headers } = await send(gateway, { method, path });
        expect(text).toBe(method === "GET" ? "ok" : "");
        expect(["2", undefined]).toContain(headers["content-length"]);
      },
    );

    const others = [
      ...(healthPath === "off" ? [] : [{ method: "POST", path: healthPath }]),
      { method: "GET", path: `${healthPath === "off" ? "/health" : healthPath}z` },
      { method: "GET", path: `${healthPath === "off" ? "/health" : healthPath}/` },
      ...(healthPath === "/health"
        ? []
        : ["GET", "HEAD"].map((each) => ({ method: each, path: "/health" }))),
    ];
    test.each(others)("$method $path is the site's", async ({ method, path }) => {
      const { gateway } = onStage();
      for (const name of ["legacy", "edgezero"] as const) {
        await gateway.write(allTo(name));
        expect(await ask(onStage(), method, path)).toEqual([name, 200, name]);
      }
    });
  });
}
