// The stores of vendors through a proxy: TLS to the vendor within a tunnel that the proxy makes.
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "node:tls";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { messageOf } from "@edgezero/faults/faults";
import { certify } from "@edgezero/testbed/certificate";
import type { ForwardProxy } from "@edgezero/testbed/forward-proxy";
import { startForwardProxy } from "@edgezero/testbed/forward-proxy";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CloudStage } from "../../test/cloud-stage.ts";
import { ACCOUNT, CLOUDFLARE, FASTLY, NAMESPACE, STORE_ID, TOKEN } from "../../test/cloud-stage.ts";
import type { OperatorStore } from "../operator-store.ts";
import { openStore } from "../open-operator-store.ts";

const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "50" };
const AUTHORITIES = getCACertificates("default");

let folder: string;
let proxy: ForwardProxy;
let stage: CloudStage;
let front: Server;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-proxy-"));
  for (const host of ["api.fastly.com", "api.cloudflare.com"]) certify(folder, host);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts TLS of a host in front of a port. */
async function startFront(host: string, port: number): Promise<Server> {
  const cert = readFileSync(join(folder, `${host}.crt`), "utf8");
  const key = readFileSync(join(folder, `${host}.key`), "utf8");
  setDefaultCACertificates([...AUTHORITIES, cert]);
  const server = createServer({ cert, key }, (client) => {
    const target = connect(port, "127.0.0.1");
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
    target.pipe(client).pipe(target);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

describe.each([
  {
    vendor: FASTLY,
    host: "api.fastly.com",
    url: `fastly://${STORE_ID}`,
    tokens: { FASTLY_API_TOKEN: TOKEN },
  },
  {
    vendor: CLOUDFLARE,
    host: "api.cloudflare.com",
    url: `cloudflare://${ACCOUNT}/${NAMESPACE}`,
    tokens: {
      CLOUDFLARE_API_TOKEN: TOKEN,
      EDGEZERO_CLOUDFLARE_API_URL: "https://api.cloudflare.com",
    },
  },
])("the store of $host with HTTPS_PROXY", ({ vendor, host, url, tokens }) => {
  beforeEach(async () => {
    [stage, proxy] = await Promise.all([vendor.start(), startForwardProxy()]);
    stage.set(VALUES);
    front = await startFront(host, stage.api.port);
    proxy.hosts.set(`${host}:443`, (front.address() as AddressInfo).port);
  });
  afterEach(async () => {
    setDefaultCACertificates(AUTHORITIES);
    await proxy.close();
    front.close();
    await stage.close();
  });

  async function open(env: Record<string, string> = {}): Promise<OperatorStore> {
    return openStore(url, { HTTPS_PROXY: proxy.url, ...tokens, ...env });
  }

  test("is read and written through the proxy", async () => {
    const store = await open();
    expect(await store.read()).toEqual(VALUES);
    await store.overwrite({ edgezero_rollout_pct: "0" }, "ann");
    expect(stage.stored()).toEqual({ ...VALUES, edgezero_rollout_pct: "0" });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${host}:443`]));
  });

  test("gives the proxy its user and password", async () => {
    await (await open({ HTTPS_PROXY: proxy.url.replace("//", "//ann:s3cret@") })).read();
    const expected = `Basic ${Buffer.from("ann:s3cret").toString("base64")}`;
    expect(new Set(proxy.credentials)).toEqual(new Set([expected]));
  });

  test("gives up where the proxy refuses or does not answer, and says which one", async () => {
    proxy.refusal = 407;
    const silent = await startForwardProxy();
    silent.refusal = "hang";
    const startedAt = performance.now();
    const [refused, hung] = await Promise.all(
      [proxy, silent].map(async ({ url: at }) => {
        const store = await open({ HTTPS_PROXY: at.replace("//", "//ann:s3cret@") });
        return store.read().then(String, messageOf);
      }),
    );
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(refused).toContain("407");
    expect(refused).toContain(`through the proxy ${proxy.url} of HTTPS_PROXY`);
    expect(hung).toContain(`through the proxy ${silent.url} of HTTPS_PROXY`);
    expect(`${refused} ${hung}`).not.toContain("s3cret");
    await silent.close();
  }, 30_000);

  test("does not ask the proxy about this machine", async () => {
    const api = stage.proxy.url.replace("127.0.0.1", "localhost");
    const store = await open({
      [vendor === FASTLY ? "EDGEZERO_FASTLY_API_URL" : "EDGEZERO_CLOUDFLARE_API_URL"]: api,
      HTTP_PROXY: proxy.url,
    });
    expect(await store.read()).toEqual(VALUES);
    expect(proxy.asked).toEqual([]);
  });

  test("is refused where the proxy's URL is wrong", async () => {
    await expect(open({ HTTPS_PROXY: "socks5://proxy.example" })).rejects.toThrow("socks5");
  });
});
