import { expect, test } from "vitest";
import { checkedLookup, checkHost, isAllowed } from "./public-address.ts";

test.each([
  ["8.8.8.8", true, true],
  ["2606:4700::1111", true, true],
  ["10.0.0.7", false, true],
  ["172.16.0.1", false, true],
  ["192.168.1.1", false, true],
  ["127.0.0.1", false, true],
  ["100.64.0.1", false, true],
  ["::1", false, true],
  ["fd00::1", false, true],
  ["::ffff:10.0.0.7", false, true],
  ["::ffff:8.8.8.8", true, true],
  ["169.254.169.254", false, false],
  ["::ffff:169.254.169.254", false, false],
  ["fe80::1", false, false],
  ["0.0.0.0", false, false],
  ["::", false, false],
  ["224.0.0.1", false, false],
  ["255.255.255.255", false, false],
  ["64:ff9b::10.0.0.7", false, false],
  ["2002:0a00:0007::", false, false],
  ["not an address", false, false],
] as const)("%s: %s in public, %s where private ones are allowed", (address, open, allowed) => {
  expect([isAllowed(address, false), isAllowed(address, true)]).toEqual([open, allowed]);
});

test.each([
  "https://127.0.0.1/",
  "https://0x7f.1/",
  "https://2130706433/",
  "https://[::1]/",
  "https://[::ffff:7f00:1]/",
])("an address in a URL counts however it is written: %s", (url) => {
  expect(() => checkHost(url, false)).toThrow("is not a public address");
  expect(() => checkHost(url, true)).not.toThrow();
});

async function lookedUp(addresses: readonly string[], allowPrivate = false): Promise<unknown> {
  const resolve = async (): Promise<{ address: string; family: number }[]> =>
    addresses.map((address) => ({ address, family: 4 }));
  return new Promise((done, fail) => {
    checkedLookup(allowPrivate, resolve)("pager.test", { all: true }, (error, found) =>
      error === null ? done(found) : fail(error),
    );
  });
}

test("a name gives the addresses that were checked, and one forbidden address forbids it", async () => {
  expect(await lookedUp(["8.8.8.8"])).toEqual([{ address: "8.8.8.8", family: 4 }]);
  await expect(lookedUp(["8.8.8.8", "10.0.0.7"])).rejects.toThrow("10.0.0.7 is not a public");
  await expect(lookedUp(["169.254.169.254"], true)).rejects.toThrow("169.254.169.254");
  await expect(lookedUp([])).rejects.toThrow("no address");
});
