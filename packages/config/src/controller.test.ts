import { describe, expect, test } from "vitest";
import type { RolloutConfig } from "./config-schema.ts";
import { chosenController } from "./controller.ts";
import type { LoadedConfig } from "./load-config.ts";

const CONFIG: RolloutConfig = {
  defaultEnvironment: "production",
  environments: {
    production: {
      store: "file:./rollout.json",
      operator: "ops",
      controller: { url: "http://127.0.0.1:8790", tokenEnv: "TOKEN" },
    },
    staging: { store: "file:./staging.json", controller: { url: "http://127.0.0.1:8791" } },
    bare: { store: "file:./bare.json" },
  },
};
const LOADED = { path: "/a/edgezero.config.json", folder: "/a", config: CONFIG } as LoadedConfig;
const url = "http://controller.example:8790";

describe("the controller of an environment", () => {
  test.each([
    {
      name: "the default environment's, with the token in its variable",
      choice: {},
      variables: { TOKEN: " secret\n" },
      expected: { url: "http://127.0.0.1:8790", environment: "production", token: "secret" },
    },
    {
      name: "another environment's, which needs no token",
      choice: { env: "staging" },
      variables: {},
      expected: { environment: "staging", token: null, tokenEnv: "CONTROLLER_TOKEN" },
    },
    {
      name: "a URL that is given goes first",
      choice: { controller: url },
      variables: { TOKEN: "secret" },
      expected: { url, environment: "production", token: "secret", operator: "ops" },
    },
    {
      name: "that of the store in EDGEZERO_STORE",
      choice: {},
      variables: { EDGEZERO_STORE: "file:/a/staging.json" },
      expected: { environment: "staging" },
    },
    {
      name: "an environment that the config file does not have, by its URL",
      choice: { controller: url, env: "elsewhere" },
      variables: { CONTROLLER_TOKEN: "other" },
      expected: { url, environment: "elsewhere", token: "other", operator: null },
    },
  ])("$name", ({ choice, variables, expected }) => {
    expect(chosenController(choice, variables, "/a", LOADED)).toMatchObject(expected);
  });

  test("with a URL and a name it needs no config file", () => {
    const found = chosenController({ controller: url, env: "production" }, {}, "/a", null);
    expect(found).toMatchObject({ url, environment: "production", token: null });
  });

  test.each([
    { name: "no environment", choice: { controller: url }, loaded: null, why: "no environment is" },
    { name: "no controller", choice: { env: "bare" }, why: "names no controller" },
    { name: "an unknown environment", choice: { env: "elsewhere" }, why: "has no environment" },
    { name: "a token that is not set", choice: {}, why: "TOKEN is not set" },
    {
      name: "a token that no header can have",
      choice: {},
      variables: { TOKEN: "se\ncret" },
      why: "TOKEN has white space",
    },
    {
      name: "a password in the URL",
      choice: { controller: "http://a:secret@b.example", env: "staging" },
      why: "has a user or a password",
    },
    {
      name: "a store of no environment",
      choice: { controller: url },
      variables: { EDGEZERO_STORE: "file:/a/other.json" },
      why: "knows environments by name",
    },
  ])(
    "is refused for $name, without a secret",
    ({ choice, loaded = LOADED, variables = {}, why }) => {
      const find = (): unknown => chosenController(choice, variables, "/a", loaded);
      expect(find).toThrow(why);
      expect(find).not.toThrow(/se\s?cret/);
    },
  );
});
