import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { readKey, signatureHeaders } from "./signature.ts";

const SECRET = `whsec_${randomBytes(32).toString("base64")}`;

test.each([SECRET, SECRET.replace("whsec_", ""), ` ${SECRET}\n`])(
  "a receiver's own library verifies it, with the secret written as %j",
  (secret) => {
    const { key } = readKey(secret);
    if (key === null) throw new Error("the secret is refused");
    const body = '{"a":"é"}';
    const headers = { ...signatureHeaders(key, "msg_1", body, Date.now()) };
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({ a: "é" });
    expect(() => new Webhook(SECRET).verify(body.replace("é", "e"), headers)).toThrow("signature");
    const old = { ...signatureHeaders(key, "msg_1", body, Date.now() - 600_000) };
    expect(() => new Webhook(SECRET).verify(body, old)).toThrow("too old");
  },
);

test.each([
  {
    name: "too few bytes",
    secret: `whsec_${randomBytes(23).toString("base64")}`,
    says: "23 bytes",
  },
  { name: "too many", secret: randomBytes(65).toString("base64"), says: "65 bytes" },
  { name: "other characters", secret: "a secret of at least 32 characters", says: "base64" },
  { name: "nothing", secret: "whsec_", says: "base64" },
])("refuses $name, without the secret in its words", ({ secret, says }) => {
  const { key, finding } = readKey(secret);
  expect(key).toBeNull();
  expect(finding).toContain(says);
  expect(finding).not.toContain(secret.replace("whsec_", "") || "nothing of it");
});
