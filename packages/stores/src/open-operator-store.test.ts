import { messageOf } from "@edgezero/faults/faults";
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { nearestForms } from "./nearest-forms.ts";
import { openStore, STORE_URLS } from "./open-operator-store.ts";
import { StoreSetupError } from "./operator-store.ts";
import { STORE_KINDS, storeKindOf } from "./store-kinds.ts";

const ID = "0123456789abcdef0123456789abcdef";
const ENV = { FASTLY_API_TOKEN: "token", CLOUDFLARE_API_TOKEN: "token" };

describe("the kind that a URL names", () => {
  test.each([
    { url: "file:./rollout.json", name: "Node, config file" },
    { url: "FILE:./rollout.json", name: "Node, config file" },
    { url: "redis://host:6379", name: "Node, Redis" },
    { url: "RedisS://host", name: "Node, Redis" },
    { url: "fastly://id", name: "Fastly Config Store" },
    { url: `cloudflare://${ID}/${ID}`, name: "Cloudflare KV" },
    { url: "wrangler-local:", name: "Wrangler's local KV" },
  ])("$url: $name", ({ url, name }) => {
    expect(storeKindOf(url)?.name).toBe(name);
  });

  test.each([
    "",
    "rollout.json",
    "https://host",
    "redis//host",
    "xredis://host",
    ":",
    "__proto__:",
  ])("%j: there is none", (url) => expect(storeKindOf(url)).toBeNull());

  test("every form names its own kind", () => {
    for (const kind of STORE_KINDS) expect(storeKindOf(kind.form)).toBe(kind);
  });
});

describe("a URL of no store", () => {
  test.each([
    { url: "redsi://host", nearest: ["redis://host:6379"] },
    { url: "redis+tls://host", nearest: ["redis://host:6379"] },
    { url: "wrangler_local:", nearest: ["wrangler-local:"] },
    { url: "cloudflair://a/b", nearest: ["cloudflare://<account>/<namespace>"] },
    { url: "files:./rollout.json", nearest: ["file:./rollout.json"] },
    { url: "./rollout.json", nearest: ["file:./rollout.json"] },
    { url: "rollout.json", nearest: ["file:./rollout.json"] },
    { url: "https://host/rollout.json", nearest: [] },
    { url: "x:", nearest: [] },
    { url: "", nearest: [] },
  ])("$url: nearest is $nearest", ({ url, nearest }) => {
    expect(nearestForms(url)).toEqual(nearest);
  });

  test("the message names the nearest form and all others, and does not quote the URL", async () => {
    const opening = openStore("redsi://user:s3cret@host", {});
    await expect(opening).rejects.toThrow(StoreSetupError);
    const message = await opening.catch(messageOf);
    expect(message).toContain("did you mean redis://host:6379?");
    for (const form of STORE_URLS) expect(message).toContain(form);
    expect(message).not.toContain("s3cret");
  });
});

test.each([
  { url: "file:./rollout.json", propagationMs: 1000 },
  { url: "redis://127.0.0.1:1", propagationMs: 1000 },
  { url: "fastly://id", propagationMs: null },
  { url: `cloudflare://${ID}/${ID}`, propagationMs: 65_000 },
])("$url: a change takes $propagationMs ms", async ({ url, propagationMs }) => {
  const store = await openStore(url, ENV);
  expect(store.propagationMs).toBe(propagationMs);
  expect(store.propagation).toBe(storeKindOf(url)?.propagation.text);
  await store.close();
});

/** The modules of this package and of vendors that a process has loaded after it ran `code`. */
function loadedBy(code: string): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    ${code}
    console.log(JSON.stringify(loaded));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { cwd: import.meta.dirname, encoding: "utf8" },
  );
  expect(stderr).not.toContain("Error");
  return JSON.parse(stdout) as string[];
}

const VENDORS = /node_modules\/(?:\.pnpm\/)?(?:fastly|cloudflare|wrangler|@redis\+?\/?client)/;

describe("what is loaded", () => {
  test.each([
    { store: "file", url: "file:./rollout.json", vendor: null },
    { store: "redis", url: "redis://127.0.0.1:1", vendor: "redis" },
    { store: "fastly", url: "fastly://id", vendor: null },
    { store: "cloudflare", url: `cloudflare://${ID}/${ID}`, vendor: null },
  ])("opening $url loads no other store's code", ({ store, url, vendor }) => {
    const loaded = loadedBy(
      `const { openStore } = await import("./open-operator-store.ts");
       await openStore(${JSON.stringify(url)}, ${JSON.stringify(ENV)});`,
    );
    const operators = loaded.filter((module) => module.endsWith("/operator.ts"));
    expect(operators).toEqual([expect.stringContaining(`/src/${store}/operator.ts`)]);
    const vendors = loaded.filter((module) => VENDORS.test(module));
    expect(vendors.length > 0).toBe(vendor !== null);
    for (const module of vendors) expect(module).toContain(vendor);
  });

  test.each([
    { reader: "file", mayLoad: /^$/ },
    { reader: "redis", mayLoad: /redis/ },
    { reader: "fastly", mayLoad: /^$/ },
    { reader: "cloudflare", mayLoad: /^$/ },
  ])("the reader of $reader loads no operator and no vendor's client", ({ reader, mayLoad }) => {
    const loaded = loadedBy(`await import("./${reader}/reader.ts");`);
    expect(loaded.length).toBeGreaterThan(0);
    const strangers = loaded.filter((module) =>
      VENDORS.test(module) ? !mayLoad.test(module) : /operator\.ts|store-kinds\.ts/.test(module),
    );
    expect(strangers).toEqual([]);
  });
});
