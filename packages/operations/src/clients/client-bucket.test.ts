import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clientBucketOf } from "./client-bucket.ts";

test("a mapped address has the key and the bucket of the address that it carries", () => {
  const { key, hash, bucket } = clientBucketOf("::FFFF:1.2.3.4");
  expect({ key, hash, bucket }).toEqual({ key: "1.2.3.4", hash: 1950634085, bucket: 85 });
});

test("a client's hash and bucket agree, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const { hash, bucket, edgezeroFromPct } = clientBucketOf(text);
      expect(bucket).toBe(hash % 100);
      expect(edgezeroFromPct).toBe(bucket + 1);
    }),
    { numRuns: 300 },
  );
});
