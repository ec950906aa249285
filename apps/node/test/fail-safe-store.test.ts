// The rows of the fail-safe table that a file cannot give: stores that throw, reject or hang.
import type { ConfigStore } from "@edgezero/rollout";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import { afterEach, describe, expect, test } from "vitest";
import { createBuiltInHandler } from "@edgezero/gateway";
import { createClientAddress } from "../src/client/address.ts";
import { createGateway } from "../src/routing/gateway.ts";
import { createLogger } from "../src/process/logger.ts";
import { listen, stop } from "../src/process/listen.ts";
import { OpenConnections } from "../src/routing/open-connections.ts";
import { createServer } from "../src/routing/server.ts";
import { send } from "@edgezero/testbed/http-client";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A gateway over a store, in this process but on a real socket, and the lines of its log. */
async function serve(
  configStore: ConfigStore,
): Promise<{ url: string; logged: Record<string, unknown>[] }> {
  const logged: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    logged.push(JSON.parse(line) as Record<string, unknown>);
  };
  const logger = createLogger("debug", { write });
  const server = createServer(
    createGateway({
      configStore,
      clientAddress: createClientAddress([], logger),
      logger,
      legacy: createBuiltInHandler("legacy"),
      edgezero: createBuiltInHandler("edgezero"),
      pathHeader: "always",
      open: new OpenConnections(),
    }),
  );
  cleanups.push(async () => stop(server, 1000));
  return { url: await listen(server, 0, "127.0.0.1"), logged };
}

/** Answers the keys in turn: the flag, then the percentage. */
function storeOf(...answers: (() => string | Promise<string>)[]): ConfigStore {
  let reads = 0;
  return { get: () => (answers[reads++] as () => string | Promise<string>)() };
}

const HANGS = (): Promise<string> => new Promise(() => {});
const THROWS = (): string => {
  throw new Error("the store is down");
};
const REJECTS = async (): Promise<string> => THROWS();
const NUMBER = (): string => 100 as unknown as string;
const UNOPENED = (): string => {
  throw new ConfigStoreUnavailableError("no such store");
};
const ON = (): string => "true";

describe.each([
  ["store cannot be opened: legacy, store-unavailable", UNOPENED, [], "no such store"],
  ["flag read times out: legacy, flag-unreadable", HANGS, [], "no answer in 250 ms"],
  ["flag read throws: legacy, flag-unreadable", THROWS, [], "the store is down"],
  ["flag read rejects: legacy, flag-unreadable", REJECTS, [], "the store is down"],
  ["flag is not a string: legacy, flag-unreadable", NUMBER, [], "answered with number"],
  ["percentage read times out: legacy, pct-unreadable", ON, [HANGS], "no answer in 250 ms"],
  ["percentage read throws: legacy, pct-unreadable", ON, [THROWS], "the store is down"],
  ["percentage read rejects: legacy, pct-unreadable", ON, [REJECTS], "the store is down"],
  ["percentage is not a string: legacy, pct-unreadable", ON, [NUMBER], "answered with number"],
])("%s", (name, flag, pct, why) => {
  const reason = name.slice(name.lastIndexOf(" ") + 1);

  test("through HTTP, with a warning", async () => {
    const { url, logged } = await serve(storeOf(flag, ...pct));
    const { status, path, text } = await send(url);
    expect([status, path]).toEqual([200, "legacy"]);
    expect(text).toContain("legacy");
    expect(logged).toEqual([
      expect.objectContaining({
        level: 40,
        msg: expect.stringContaining(why) as string,
        reason,
        heldBack: 0,
      }),
      expect.objectContaining({ level: 20, path: "legacy", reason, rolloutPct: 0 }),
    ]);
  });
});

test("a store that hangs holds up neither /health nor a later request", async () => {
  const { url } = await serve(storeOf(HANGS, ON, () => "100"));
  const first = send(url);
  const health = await send(`${url}/health`);
  expect([health.status, health.text, health.path]).toEqual([200, "ok", undefined]);
  expect((await first).path).toBe("legacy");
  expect((await send(url)).path).toBe("edgezero");
});
