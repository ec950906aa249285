import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../redact.ts";
import { parseRedisUrl, readRedisUrl } from "./location.ts";
import { openStore } from "./operator.ts";

describe("a URL that is read", () => {
  test.each([
    { url: "redis://host", address: "redis://host", shown: "redis://host" },
    { url: "redis://host:6379/", address: "redis://host:6379/", shown: "redis://host:6379/" },
    { url: "rediss://host/3", address: "rediss://host/3", shown: "rediss://host/3" },
    { url: "REDIS://host", address: "redis://host", shown: "redis://host" },
    { url: "redis://[::1]:7", address: "redis://[::1]:7", shown: "redis://[::1]:7" },
    { url: "redis://u:p@host", address: "redis://u:p@host", shown: "redis://***@host" },
    { url: "redis://:p@host", address: "redis://:p@host", shown: "redis://***@host" },
    { url: "redis://u@host/1", address: "redis://u@host/1", shown: "redis://***@host/1" },
    { url: "redis://@host", address: "redis://host", shown: "redis://host" },
    { url: "redis://u:p%40%23@host", address: "redis://u:p%40%23@host", shown: "redis://***@host" },
    { url: "redis://u:p@ss@host", address: "redis://u:p%40ss@host", shown: "redis://***@host" },
  ])("$url", ({ url, address, shown }) => {
    expect(parseRedisUrl(url)).toEqual({ address, shown, key: "trusted_server_config" });
    expect(redact(`cannot reach ${url}`)).toContain(url.includes("@") ? shown : url);
  });

  test("another key", () => {
    expect(parseRedisUrl("redis://u:p@host/1?key=staging%40a:b")).toEqual({
      address: "redis://u:p@host/1",
      key: "staging@a:b",
      shown: "redis://***@host/1?key=staging%40a:b",
    });
  });
});

const FORM = "redis://host:port or rediss://host:port, with no parameter but key";
const ENCODING = "percent-encoded";

describe("a URL that is refused, which shows nothing of it", () => {
  test.each([
    { url: "", why: FORM },
    { url: "https://host", why: FORM },
    { url: "redis:", why: FORM },
    { url: "redis://", why: FORM },
    { url: "redis:host", why: FORM },
    { url: "redis://host:70000", why: FORM },
    { url: "redis://host/name", why: FORM },
    { url: "redis://host/1/2", why: FORM },
    { url: "redis://host?db=1", why: FORM },
    { url: "redis://host?key=", why: FORM },
    { url: "redis://host?key=a&key=b", why: FORM },
    { url: "redis://host#s3cret", why: FORM },
    { url: "redis://:s3cret@ss#word@host", why: ENCODING },
    { url: "redis://:s3cret#word@host", why: ENCODING },
    { url: "redis://:s3cret/word@host:6379", why: ENCODING },
    { url: "redis://u:1/s3cret@host", why: ENCODING },
    { url: "redis://u:1?key=s3cret@host", why: ENCODING },
    { url: "redis://u:1#s3cret@host", why: ENCODING },
    { url: "redis://:s3cret%@host", why: ENCODING },
    { url: "redis://s3cret%zz@host", why: ENCODING },
  ])("$url", ({ url, why }) => {
    const read = readRedisUrl(url);
    expect(read).toEqual({ kind: "refused", why: expect.stringContaining(why) as string });
    expect(parseRedisUrl(url)).toBeNull();
    expect(() => openStore(url)).toThrow(why);
    expect(() => openStore(url)).not.toThrow("s3cret");
  });
});

test("no spelling of a password is shown, whether its URL can be read or not", () => {
  const letters = fc.constantFrom("a", "@", "#", "/", "?", ":", "%", "&", "=", "1", "\\", "é");
  const passwords = fc.string({ unit: letters, maxLength: 6 }).map((text) => `s3cret${text}s3cret`);
  fc.assert(
    fc.property(
      passwords,
      fc.constantFrom("", "user"),
      fc.boolean(),
      (password, user, isEncoded) => {
        const url = `redis://${user}:${isEncoded ? encodeURIComponent(password) : password}@host/1`;
        const read = readRedisUrl(url);
        expect(redact(`at ${url}`)).not.toContain("s3cret");
        const shown = read.kind === "read" ? read.location.shown : read.why;
        expect(shown).not.toContain("s3cret");
        expect(isEncoded ? read.kind : "read").toBe("read");
      },
    ),
    { numRuns: 500 },
  );
});
