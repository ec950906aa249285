import { describe, expect, test } from "vitest";
import { passwordsOf, redact, secretsIn } from "./redact.ts";

describe("redact", () => {
  test.each([
    ["redis://user:hunter2@host:6379/0", "redis://***@host:6379/0"],
    ["rediss://:p@ss@host", "rediss://***@host"],
    ["http://token@gateway/x?a=1", "http://***@gateway/x?a=1"],
    ["see https://a:b@c and redis://d:e@f", "see https://***@c and redis://***@f"],
    ["https://host/x?token=abc&b=2", "https://host/x?token=***&b=2"],
    ["redis://host:6379", "redis://host:6379"],
    ["redis://:p/a?s#s@host", "redis://***@host"],
    ["redis://u:1?key=p@host/2", "redis://***@host/2"],
    ["REDIS://u:p@host/2?key=a: refused", "redis://***@host/2?key=a: refused"],
    ["redis://u:p@host:6379: refused", "redis://***@host:6379: refused"],
    ["redis://a:b@c,redis://d:e@f", "redis://***@f"],
    ['"redis://a:b@c" and "redis://d:e@f"', '"redis://***@c" and "redis://***@f"'],
    ["redis://u:p@host?token=abc", "redis://***@host?token=***"],
    ["file:///srv/a@b/rollout.json", "file:///srv/a@b/rollout.json"],
    ["ann@host moved file:/srv/a@b.json", "ann@host moved file:/srv/a@b.json"],
  ])("%s is shown as %s", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  test("takes out what is known to be a secret, wherever it stands", () => {
    const secrets = secretsIn({ FASTLY_API_TOKEN: "abcdefgh1234", HOME: "/home/ann", X_TOKEN: "" });
    expect(redact("401 for abcdefgh1234 in /home/ann", secrets)).toBe("401 for *** in /home/ann");
  });

  test("a password counts as it is written and as it is meant", () => {
    expect(passwordsOf("redis://u:p%40ssword@host")).toEqual(["p%40ssword", "p@ssword"]);
    expect(passwordsOf("redis://u:pass/word@host:70000")).toEqual(["pass/word"]);
    expect(passwordsOf("redis://u:passw#rd@host")).toEqual(["passw#rd"]);
    expect(secretsIn({ EDGEZERO_STORE: "redis://u:longpassword@host" })).toContain("longpassword");
  });
});
