import addresses from "@edgezero/rollout/vectors/addresses.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { startUpstream } from "@edgezero/testbed/upstream";
import { fnv1aBucket } from "@edgezero/rollout";

/** The bucket of the empty key, for what is not an address. */
const NO_ADDRESS = 61;
/** What {@link pathsAround} gives for a request in that bucket, and in no other. */
const IN_BUCKET = ["legacy", "edgezero"];
/** Trusted: 127.0.0.0/8 and ::1, by the name `loopback`. */
const TRUSTED = "127.1.2.3";

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess({}, { TRUST_PROXY: "loopback, 192.0.2.0/24" });
});

afterAll(async () => gateway.stopCleanly());

function bucketOf(text: string): number {
  const bucket = addresses.find((address) => address.text === text)?.bucket;
  if (bucket === undefined) throw new Error(`${text} is not among the vectors`);
  return bucket;
}

/** The paths of a request at a bucket's number as the percentage, and at one more. */
async function pathsAround(bucket: number, forwardedFor: string | string[]): Promise<unknown[]> {
  const paths: unknown[] = [];
  for (const pct of [bucket, bucket + 1]) {
    gateway.writeConfig({ edgezero_enabled: "true", edgezero_rollout_pct: String(pct) });
    const headers = { "X-Forwarded-For": forwardedFor };
    paths.push((await send(gateway.url, { clientIp: TRUSTED, headers })).path);
  }
  return paths;
}

const outside = addresses.filter(({ text }) => !text.startsWith("127."));
const [ipv4, other] = outside.filter(({ text }) => text.includes(".")).map(({ text }) => text);
const mapped = outside.find(({ text }) => text.startsWith("::ffff:") && text.includes("."))?.text;
const ipv6 = outside.filter(({ text }) => text.includes(":") && !text.includes("."));
const client = ipv4 ?? "";
const spoofed = other ?? "";

describe("X-Forwarded-For from a trusted proxy", () => {
  test("one address", async () => {
    expect(await pathsAround(bucketOf(client), client)).toEqual(IN_BUCKET);
  });

  test("a chain through trusted hops", async () => {
    expect(await pathsAround(bucketOf(client), `${client}, 192.0.2.7, 127.9.9.9, ::1`)).toEqual(
      IN_BUCKET,
    );
  });

  test("a chain in several headers", async () => {
    expect(await pathsAround(bucketOf(client), [client, "192.0.2.7", "127.9.9.9"])).toEqual(
      IN_BUCKET,
    );
  });

  test("an untrusted hop in the middle is the client: what it claims does not count", async () => {
    expect(await pathsAround(bucketOf(client), `${spoofed}, ${client}, 192.0.2.7`)).toEqual(
      IN_BUCKET,
    );
  });

  test("a claim in front of the client's own address does not count", async () => {
    expect(await pathsAround(bucketOf(client), `192.0.2.1, ${client}`)).toEqual(IN_BUCKET);
  });

  test.each(["garbage", "1.2.3", "unknown", "<script>", "_hidden", "010.0.0.1", "' OR 1=1"])(
    "an entry that is not an address is no address: %s",
    async (garbage) => {
      expect(await pathsAround(NO_ADDRESS, garbage)).toEqual(IN_BUCKET);
      expect(await pathsAround(NO_ADDRESS, `${client}, ${garbage}, 192.0.2.7`)).toEqual(IN_BUCKET);
    },
  );

  test.each([
    (address: string) => `${address}:49152`,
    (address: string) => `"${address}"`,
    (address: string) => `"${address}:443"`,
    (address: string) => ` ${address}:1 `,
  ])("a port and quotes are put aside: %s", async (written) => {
    expect(await pathsAround(bucketOf(client), written(client))).toEqual(IN_BUCKET);
    const chain = `${spoofed}, ${written(client)}, ${written("192.0.2.7")}`;
    expect(await pathsAround(bucketOf(client), chain)).toEqual(IN_BUCKET);
  });

  test.each([
    (address: string) => `[${address}]`,
    (address: string) => `[${address}]:443`,
    (address: string) => `"[${address}]:443"`,
    (address: string) => `"[${address}]"`,
  ])("and so are the brackets of IPv6: %s", async (written) => {
    const { text = "", bucket = -1 } = ipv6[0] ?? {};
    expect(await pathsAround(bucket, `${written(text)}, [::1]:80`)).toEqual(IN_BUCKET);
  });

  test("an empty one leaves the peer", async () => {
    expect(await pathsAround(fnv1aBucket(TRUSTED), " , ")).toEqual(IN_BUCKET);
  });

  test("garbage before the client's address does not count", async () => {
    expect(await pathsAround(bucketOf(client), `garbage, ${client}`)).toEqual(IN_BUCKET);
  });

  test.each(ipv6.slice(0, 8))("IPv6 in any spelling: $text", async ({ text, bucket }) => {
    expect(await pathsAround(bucket, `${text}, 192.0.2.7`)).toEqual(IN_BUCKET);
  });

  test("an IPv4-mapped address is its IPv4 address, as a client and as a hop", async () => {
    expect(await pathsAround(bucketOf(mapped ?? ""), mapped ?? "")).toEqual(IN_BUCKET);
    expect(await pathsAround(bucketOf(client), `::ffff:${client}, ::ffff:192.0.2.7`)).toEqual(
      IN_BUCKET,
    );
  });
});

/** The lines at warn, and the page of metrics. */
async function told(
  another: GatewayProcess,
): Promise<{ warnings: Record<string, unknown>[]; page: string }> {
  const [started] = another.logged();
  const page = await (await fetch(String(started?.["metrics"]))).text();
  // pino's number of warn.
  return { warnings: another.logged().filter(({ level }) => level === 40), page };
}

describe("an operator learns that clients count as one", () => {
  test("from a peer that is not named, once", async () => {
    const another = await startGatewayProcess({}, { TRUST_PROXY: "192.0.2.0/24" });
    for (const from of ["203.0.113.1", "203.0.113.2", "203.0.113.1", "203.0.113.3"]) {
      const headers = { "X-Forwarded-For": from };
      await send(another.url, { clientIp: "127.0.0.5", headers });
    }
    const { warnings, page } = await told(another);
    expect(warnings).toMatchObject([
      {
        msg: "requests from 127.0.0.5 carry X-Forwarded-For, but TRUST_PROXY does not name it: all its clients count as one",
      },
    ]);
    // A client that names itself is no proxy, and its address is nobody's business.
    await send(another.url, { clientIp: "127.0.0.6", headers: { "X-Forwarded-For": "127.0.0.6" } });
    expect(JSON.stringify(another.logged())).not.toContain("127.0.0.6");
    expect(page).toContain('edgezero_client_address_total{result="untrusted"} 4\n');
    expect(JSON.stringify(another.logged())).not.toContain("203.0.113");
    await another.stopCleanly();
  });

  test("from entries that are no addresses: with the shape, and never the value", async () => {
    const another = await startGatewayProcess({}, { TRUST_PROXY: "loopback" });
    for (const from of ["secret-name:8080", "203.0.113.7.8", "203.0.113.9"]) {
      await send(another.url, { headers: { "X-Forwarded-For": from } });
    }
    await send(another.url);
    const { warnings, page } = await told(another);
    expect(warnings).toMatchObject([
      {
        msg: "a trusted proxy's X-Forwarded-For has an entry that is not an address: these clients count as one",
        shape: "a-a:9",
        requests: 1,
      },
    ]);
    for (const [result, count] of Object.entries({ invalid: 2, forwarded: 1, peer: 1, gone: 0 })) {
      expect(page).toContain(`edgezero_client_address_total{result="${result}"} ${count}\n`);
    }
    expect(JSON.stringify(another.logged())).not.toMatch(/secret-name|203\.0\.113/);
    await another.stopCleanly();
  });
});

test("X-Forwarded-For from a peer that is not trusted does not count", async () => {
  const another = await startGatewayProcess(
    { edgezero_enabled: "true", edgezero_rollout_pct: "50" },
    { TRUST_PROXY: "192.0.2.0/24" },
  );
  for (const { text, bucket } of addresses.slice(0, 10)) {
    const headers = { "X-Forwarded-For": "192.0.2.1" };
    const { path } = await send(another.url, { clientIp: text, headers });
    expect(path).toBe(bucket < 50 ? "edgezero" : "legacy");
  }
  await another.stopCleanly();
});

test("a dual-stack socket: the origin gets an IPv4 client's address as it is", async () => {
  const origin = await startUpstream();
  origin.handler = ({ headers }, response) => void response.end(headers["x-forwarded-for"]);
  const env = { HOST: "::", LEGACY_ORIGIN: origin.url, EDGEZERO_ORIGIN: origin.url };
  const another = await startGatewayProcess({}, env);
  const { text } = await send(`http://127.0.0.1:${another.port}`, { clientIp: "127.0.0.5" });
  expect(text).toBe("127.0.0.5");
  await another.stopCleanly();
  await origin.close();
});

test("a dual-stack socket: an IPv4 client keeps its bucket", async () => {
  const another = await startGatewayProcess(
    { edgezero_enabled: "true", edgezero_rollout_pct: "50" },
    { HOST: "::" },
  );
  for (const { text, bucket } of addresses.slice(0, 10)) {
    const { path } = await send(`http://127.0.0.1:${another.port}`, { clientIp: text });
    expect(path).toBe(bucket < 50 ? "edgezero" : "legacy");
  }
  await another.stopCleanly();
});
