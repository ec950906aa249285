import { messageOf } from "@edgezero/faults/faults";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreError } from "../operator-store.ts";
import { describeOperatorStore } from "@edgezero/testbed/contracts/operator-store";
import type { CloudStage } from "../../test/cloud-stage.ts";
import { ACCOUNT, CLOUDFLARE, FASTLY, READ_TOKEN, TOKEN } from "../../test/cloud-stage.ts";
import type { FakeCloudflare } from "@edgezero/testbed/cloud/fake-cloudflare";
import type { FakeFastly } from "@edgezero/testbed/cloud/fake-fastly";

let stage: CloudStage;

async function faultOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  const message = messageOf(error);
  expect(message).not.toContain("t0ken");
  return message;
}

describe.each([FASTLY, CLOUDFLARE])("$name store, over the vendor's own client", ({ start }) => {
  beforeEach(async () => {
    stage = await start();
  });
  afterEach(async () => {
    const { violations } = stage.api;
    await stage.close();
    if (violations.length > 0)
      throw new Error(`not in the vendor's contract: ${violations.join()}`);
  });

  describeOperatorStore({ comparesFirst: false, secrets: [TOKEN] }, async () => ({
    store: stage.open(),
    openAgain: async () => stage.open(),
    stored: async () => stage.stored(),
    set: async (values) => stage.set(values),
    close: async () => {},
  }));

  test.each([
    ["on", { edgezero_enabled: "true", edgezero_rollout_pct: "50" }, ["pct", "enabled"]],
    [
      "on, in other words",
      { edgezero_enabled: " TRUE ", edgezero_rollout_pct: "5" },
      ["pct", "enabled"],
    ],
    ["off", { edgezero_enabled: "false", edgezero_rollout_pct: "0" }, ["enabled", "pct"]],
    [
      "off, by what means nothing",
      { edgezero_enabled: "yes", edgezero_rollout_pct: "9" },
      ["enabled", "pct"],
    ],
  ])("a switch that goes %s: the order of the writes is safe", async (_, changes, order) => {
    await stage.open().overwrite(changes, "ann");
    const puts = stage.api.requests.filter((request) => request.startsWith("PUT"));
    expect(puts.map((request) => /(enabled|pct)$/.exec(request)?.[1])).toEqual(order);
    expect(stage.stored()).toEqual(changes);
  });

  test("a token that may only read: reading works; writing says what the token needs", async () => {
    stage.set({ edgezero_enabled: "true", edgezero_rollout_pct: "10" });
    const store = stage.open(READ_TOKEN);
    expect((await store.read()).edgezero_rollout_pct).toBe("10");
    const message = await faultOf(store.overwrite({ edgezero_rollout_pct: "0" }, "ann"));
    expect(message).toContain("edgezero_rollout_pct was not written to ");
    expect(message).toContain("answered 403");
    expect(message).toMatch(
      /The token must be (of an engineer|permitted Workers KV Storage: Edit)/,
    );
    expect(stage.stored().edgezero_rollout_pct).toBe("10");
  });

  test("a token that is unknown", async () => {
    const message = await faultOf(stage.open("t0ken-of-old").read());
    expect(message).toContain("answered 401");
    expect(message).toContain("The token must be ");
    expect(stage.proxy.connections).toBeLessThanOrEqual(2);
  });

  test("a redirect is not followed, so that the token goes nowhere else", async () => {
    const elsewhere = await start();
    stage.proxy.afterwards = { status: 307, headers: { location: elsewhere.proxy.url } };
    expect(await faultOf(stage.open().read())).toContain("answered 307");
    expect(elsewhere.proxy.connections).toBe(0);
    await elsewhere.close();
  });

  test("what a vendor says cannot reach the terminal as more than text, nor show the token", async () => {
    const said = `\u001b[2Jgone\u009b ${TOKEN}`;
    const body = JSON.stringify({ msg: said, errors: [{ code: 1, message: said }] });
    const headers = { "content-type": "application/json" };
    stage.proxy.afterwards = { status: 400, headers, body };
    const message = await faultOf(stage.open().read());
    expect(message).toContain("?[2Jgone");
    expect(message).toMatch(/^[ -~]*$/);
  });
});

describe("Fastly store", () => {
  let api: FakeFastly;
  beforeEach(async () => {
    stage = await FASTLY.start();
    api = stage.api as FakeFastly;
  });
  afterEach(async () => stage.close());

  test("one request reads both values, so that they belong together", async () => {
    await stage.open().read();
    expect(stage.api.requests).toHaveLength(1);
  });

  test("an id that no store has", async () => {
    const message = await faultOf(stage.open(TOKEN, "fastly://another").read());
    expect(message).toContain("No config store has the id another");
    expect(message).toContain("404");
  });

  test("a value that is no text is not taken for one", async () => {
    [...api.stores.values()][0]?.set("edgezero_rollout_pct", 100);
    expect(await faultOf(stage.open().read())).toContain("not a list of items");
  });

  test("checking knows a token that may not write", async () => {
    await stage.open(TOKEN).checkWritable?.();
    const message = await faultOf(stage.open(READ_TOKEN).checkWritable?.() as Promise<void>);
    expect(message).toContain("cannot be written: the token must be of an engineer");
  });
});

describe("Cloudflare store", () => {
  let api: FakeCloudflare;
  beforeEach(async () => {
    stage = await CLOUDFLARE.start();
    api = stage.api as FakeCloudflare;
  });
  afterEach(async () => stage.close());

  test.each([
    ["namespace", ACCOUNT],
    ["account", "f".repeat(32)],
  ])("an id that no %s has", async (_, account) => {
    const namespace = "e".repeat(32);
    const message = await faultOf(stage.open(TOKEN, `cloudflare://${account}/${namespace}`).read());
    expect(message).toContain(
      `The account ${account} has no KV namespace with the id ${namespace}`,
    );
  });

  test("a pair that expires is read until then, and written so that it stays", async () => {
    const pairs = [...api.namespaces.values()][0];
    const value = Buffer.from("10");
    pairs?.set("edgezero_rollout_pct", { value, expiration: Math.floor(Date.now() / 1000) + 100 });
    const store = stage.open();
    expect((await store.read()).edgezero_rollout_pct).toBe("10");
    pairs?.set("edgezero_rollout_pct", { value, expiration: Math.floor(Date.now() / 1000) - 1 });
    expect((await store.read()).edgezero_rollout_pct).toBeNull();
    await store.overwrite({ edgezero_rollout_pct: "20" }, "ann");
    expect(pairs?.get("edgezero_rollout_pct")).toEqual({ value: Buffer.from("20") });
  });

  test("bytes that are not UTF-8 are not taken for a percentage", async () => {
    const pairs = [...api.namespaces.values()][0];
    pairs?.set("edgezero_rollout_pct", { value: Buffer.from([0x35, 0x30, 0xff]) });
    expect((await stage.open().read()).edgezero_rollout_pct).toBe("50\ufffd");
  });

  test("KV's limit of one write a second to a key is waited for", async () => {
    api.limitsWrites = true;
    const store = stage.open();
    let writes = 0;
    // Until one was refused: on a machine that stands still, the next write may come a second later.
    do {
      writes++;
      await store.overwrite({ edgezero_rollout_pct: String(writes) }, "ann");
      expect(stage.stored().edgezero_rollout_pct).toBe(String(writes));
    } while (stage.api.requests.length === writes);
  });
});

describe("what cannot be opened", () => {
  test.each([
    ["fastly://", {}, "must be fastly://<store-id>"],
    ["fastly://id/more", {}, "must be fastly://<store-id>"],
    ["fastly://id", {}, "FASTLY_API_TOKEN is not set"],
    [
      "fastly://id",
      { FASTLY_API_TOKEN: "t0ken\n" },
      "FASTLY_API_TOKEN holds a space, a line break",
    ],
    [
      "fastly://id",
      { FASTLY_API_TOKEN: "t0ken", EDGEZERO_FASTLY_API_URL: "http://api.example" },
      "must be an https URL",
    ],
    [
      "fastly://id",
      { FASTLY_API_TOKEN: "t0ken", EDGEZERO_FASTLY_API_URL: "http://localhost.example" },
      "must be an https URL",
    ],
    [
      "fastly://id",
      { FASTLY_API_TOKEN: "t0ken", EDGEZERO_FASTLY_API_URL: "https://a:t0ken@api.example" },
      "must be an https URL",
    ],
    ["cloudflare://", {}, "must be cloudflare://<account>/<namespace>"],
    [`cloudflare://${ACCOUNT}/name`, {}, "must be cloudflare://<account>/<namespace>"],
    [`cloudflare://${ACCOUNT}/${ACCOUNT}`, {}, "CLOUDFLARE_API_TOKEN is not set"],
  ])("%s with %j", async (url, env, why) => {
    const { openStore } = await import("../open-operator-store.ts");
    expect(await faultOf(openStore(url, env))).toContain(why);
  });
});
