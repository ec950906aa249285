import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVENT_VERSION } from "../src/attribution/index.ts";
import { attributedGateway } from "./attributed-gateway.ts";

const PACKAGE = join(import.meta.dirname, "..");
const DOCUMENT = readFileSync(join(PACKAGE, "..", "..", "docs", "events.md"), "utf8");

/** The fields of each version, which stay while it is the version. */
const FIELDS: Readonly<Record<number, string>> = {
  1: `version time service runtime path reason rolloutPct bucket epoch status outcome error durationMs
      lastByteMs excluded weight`,
};

test("docs/events.md says what the code says", () => {
  const script = join(PACKAGE, "scripts", "document-events.ts");
  const check = () => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
  expect(check).not.toThrow();
});

test("an event has the fields that docs/events.md lists, in order, and those of its version", async () => {
  const [table = ""] = /<!-- fields -->[^]*<!-- \/fields -->/.exec(DOCUMENT) ?? [];
  const documented = [...table.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  const { events, send } = attributedGateway();
  await send();
  expect(Object.keys(events[0] ?? {})).toEqual(documented);
  expect(documented).toEqual(
    expect.arrayContaining((FIELDS[EVENT_VERSION] ?? "none").split(/\s+/)),
  );
});
