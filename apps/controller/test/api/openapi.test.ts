import { validate } from "@readme/openapi-parser";
import type { OpenAPIV3_1 } from "openapi-types";
import { expect, test } from "vitest";
import { serve, TOKEN } from "./serve.ts";

test("the OpenAPI document is valid, and has each resource and each schema", async () => {
  const served = await serve();
  const response = await fetch(`${served.url}/api/v1/openapi.json`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const document = (await response.json()) as OpenAPIV3_1.Document;
  await served.close();
  expect(await validate(structuredClone(document))).toMatchObject({ valid: true });
  expect(Object.keys(document.paths ?? {}).toSorted()).toEqual([
    "/api/v1/environments",
    "/api/v1/environments/{name}",
    "/api/v1/environments/{name}/commands",
    "/api/v1/environments/{name}/events",
    "/api/v1/environments/{name}/history",
    "/api/v1/environments/{name}/notifications",
    "/api/v1/environments/{name}/recording",
    "/api/v1/ingest/{name}",
  ]);
  expect(Object.keys(document.components?.schemas ?? {})).toEqual(
    expect.arrayContaining(["Environment", "Signal", "CommandRequest", "CommandAnswer", "Error"]),
  );
});

test("the validator finds a document that is not valid", async () => {
  const broken = { openapi: "3.1.0", info: { title: "x" }, paths: {} };
  const result = await validate(broken as unknown as OpenAPIV3_1.Document);
  expect(result.valid).toBe(false);
});
