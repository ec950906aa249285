import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isSameLocation, storeIdentity } from "./store-identity.ts";

const folder = mkdtempSync(join(tmpdir(), "edgezero-identity-"));
writeFileSync(join(folder, "rollout.json"), "{}");
symlinkSync(join(folder, "rollout.json"), join(folder, "link.json"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  {
    name: "a link to a file",
    one: `file:${join(folder, "rollout.json")}`,
    other: `file:${join(folder, "link.json")}`,
    isSame: true,
  },
  {
    name: "a path that goes up and down, to no file yet",
    one: `file:${join(folder, "later.json")}`,
    other: `file:${folder}/./../${folder.split("/").at(-1)}/later.json`,
    isSame: true,
  },
  {
    name: "two files",
    one: `file:${join(folder, "a.json")}`,
    other: `file:${join(folder, "b.json")}`,
    isSame: false,
  },
  {
    name: "Redis with its defaults, and with other credentials",
    one: "redis://redis.internal",
    other: "redis://ann:secret@REDIS.internal:6379/0?key=trusted_server_config",
    isSame: true,
  },
  {
    name: "two databases of one Redis",
    one: "redis://redis.internal/0",
    other: "redis://redis.internal/1",
    isSame: false,
  },
  {
    name: "two keys of one Redis",
    one: "redis://redis.internal",
    other: "redis://redis.internal?key=staging",
    isSame: false,
  },
  { name: "two stores of Fastly", one: "fastly:a1", other: "fastly:b2", isSame: false },
])("$name", async ({ one, other, isSame }) => {
  expect((await storeIdentity(one)) === (await storeIdentity(other))).toBe(isSame);
});

test("credentials are no part of it", async () => {
  expect(await storeIdentity("redis://ann:secret@h")).not.toContain("secret");
});

test.each([
  { name: "one spelling", one: "fastly:a1", other: "fastly:a1", isSame: true },
  {
    name: "Redis with its defaults, and with a user",
    one: "redis://redis.internal",
    other: "redis://***@redis.internal:6379/0",
    isSame: true,
  },
  {
    name: "two databases of one Redis",
    one: "redis://redis.internal/0",
    other: "redis://redis.internal/1",
    isSame: false,
  },
  { name: "a text that is no URL", one: "redis://", other: "redis://a", isSame: false },
  { name: "two kinds of stores", one: "redis://a", other: "fastly:a1", isSame: false },
])("locations: $name", ({ one, other, isSame }) => {
  expect(isSameLocation(one, other)).toBe(isSame);
});
