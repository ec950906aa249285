import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withSettingsFile } from "./settings-file.ts";

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-settings-"));
  path = join(folder, "gateway.env");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("without a file the environment stays as it is", () => {
  const env = { PORT: "1" };
  expect(withSettingsFile(env).env).toBe(env);
  expect(withSettingsFile({ ...env, SETTINGS_FILE: "" })).toEqual({
    env: { ...env, SETTINGS_FILE: "" },
    overridden: [],
    ofNode: [],
  });
});

test("the environment counts over the file, unless it is empty", () => {
  const text = `# a comment\n\nPORT=1\nexport HOST="::1"\nLOG_LEVEL=debug\nSERVICE_NAME=x\nNODE_EXTRA_CA_CERTS=/ca\n`;
  writeFileSync(path, text);
  const env = { SETTINGS_FILE: path, PORT: "2", HOST: "", SERVICE_NAME: "x", OTHER: "x" };
  expect(withSettingsFile(env)).toEqual({
    env: { ...env, HOST: "::1", LOG_LEVEL: "debug", NODE_EXTRA_CA_CERTS: "/ca" },
    overridden: ["PORT"],
    ofNode: ["NODE_EXTRA_CA_CERTS"],
  });
});

test.each([
  { name: "double", text: `EDGEZERO_CONFIG="redis://:p#s@h" # mine` },
  { name: "single", text: `EDGEZERO_CONFIG='redis://:p#s@h'` },
  { name: "back", text: "export EDGEZERO_CONFIG = `redis://:p#s@h`" },
])("# in $name quotes is a part of the value", ({ text }) => {
  writeFileSync(path, text);
  const { env } = withSettingsFile({ SETTINGS_FILE: path });
  expect(env["EDGEZERO_CONFIG"]).toBe("redis://:p#s@h");
});

test.each([
  {
    name: "an unknown name",
    text: "PORT=1\nPROT=2",
    said: "PROT is not a setting of this gateway",
  },
  { name: "another file", text: "SETTINGS_FILE=/x", said: "SETTINGS_FILE is not a setting" },
  { name: "no name", text: "PORT=1\nsecret", said: "line 2 is not NAME=value" },
  {
    name: "a value that would be cut",
    text: "PORT=1\nEDGEZERO_CONFIG=redis://:secret#s@h",
    said: 'EDGEZERO_CONFIG has # in a value without quotes; write EDGEZERO_CONFIG="..."',
  },
  { name: "an open quote", text: 'PROBE_SECRET="secret#1', said: "PROBE_SECRET has #" },
  { name: "a comment after a value", text: "LOG_LEVEL=info # secret", said: "LOG_LEVEL has #" },
  { name: "a colon", text: "PORT: 1", said: "line 1 is not NAME=value" },
])("$name is refused, and no value is shown", ({ text, said }) => {
  writeFileSync(path, text);
  const read = (): unknown => withSettingsFile({ SETTINGS_FILE: path });
  expect(read).toThrow(`SETTINGS_FILE is ${JSON.stringify(path)}: ${said}`);
  expect(read).not.toThrow("secret");
});

test("a file that is missing is said", () => {
  expect(() => withSettingsFile({ SETTINGS_FILE: join(folder, "none") })).toThrow(
    /none": it cannot be read \(ENOENT/,
  );
});
