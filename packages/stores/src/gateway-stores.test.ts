import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { fileLocation } from "./file/location.ts";
import { CONFIG_FORMS, locateConfig } from "./gateway-stores.ts";

describe("the place that a text names", () => {
  test.each([
    { text: "/etc/rollout.json", place: "/etc/rollout.json" },
    { text: "a b/rollout.json", place: resolve("a b/rollout.json") },
    { text: "file:///etc/a%20b.json", place: "/etc/a b.json" },
    { text: "file:./rollout.json", place: resolve("rollout.json") },
    { text: "FILE:../rollout.json", place: resolve("../rollout.json") },
    { text: "redis://u:p@host", place: "redis://u:p@host" },
    { text: "RedisS://host", place: "RedisS://host" },
    { text: "file://elsewhere/rollout.json", place: null },
    { text: "file:", place: null },
    { text: "redis:///0", place: null },
    { text: "redis:secret@localhost", place: null },
    { text: "fastly://id", place: null },
    { text: "https://host/rollout.json", place: null },
  ])("$text: $place", ({ text, place }) => {
    expect(locateConfig(text)?.text ?? null).toBe(place);
  });

  test("a gateway and the command mean the same file by a URL", () => {
    for (const url of ["file:a.json", "file:./a%20b.json", "file:///a.json", "FILE:/a.json"]) {
      expect(locateConfig(url)?.text).toBe(fileLocation(url, process.cwd()));
    }
  });

  test("a Redis password that is not percent-encoded is refused, and the message says how", () => {
    expect(locateConfig("redis://:p@ss#word@host")).toBeNull();
    expect(CONFIG_FORMS).toContain("percent-encoded (such as %40 for @");
  });
});
