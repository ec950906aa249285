import { expect, test } from "vitest";
import { freePort } from "@edgezero/testbed/free-port";
import { send } from "@edgezero/testbed/http-client";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startUpstream } from "@edgezero/testbed/upstream";

test("an origin that is the gateway itself: 508 after two rounds, with a message", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const gateway = await startProxiedGateway(url, url, { PORT: String(port) });
  const { status, text } = await send(gateway.url);
  expect([status, text]).toEqual([508, "508 Loop Detected: the origin is this gateway itself.\n"]);
  await expect
    .poll(() => gateway.logged().find(({ msg }) => msg === "the origin failed"))
    .toMatchObject({ level: 40, kind: "loop", count: 1 });
  await gateway.stopCleanly();
});

test("two gateways in a row are no loop, and each adds its own name to Via", async () => {
  const origin = await startUpstream(({ headers }, response) => void response.end(headers.via));
  const inner = await startProxiedGateway(origin.url, origin.url);
  const outer = await startProxiedGateway(inner.url, inner.url);
  const { status, text } = await send(outer.url, { headers: { via: "1.0 proxy.example" } });
  expect(status).toBe(200);
  const [given, ...names] = text.split(", ");
  expect(given).toBe("1.0 proxy.example");
  expect(names).toHaveLength(2);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^1\.1 edgezero-[\da-f]{12}$/);
  await outer.stopCleanly();
  await inner.stopCleanly();
  await origin.close();
});
