import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { send } from "@edgezero/testbed/http-client";
import type { MetricsServer } from "./metrics-server.ts";
import { startMetricsServer } from "./metrics-server.ts";

let server: MetricsServer;
let pages: number;
/** The first page is made when a test says so, all later ones at once. */
let first: PromiseWithResolvers<string>;
let askedReady: number;

beforeEach(async () => {
  pages = 0;
  askedReady = 0;
  first = Promise.withResolvers();
  const makePage = async (): Promise<string> => (++pages === 1 ? first.promise : "later");
  const isReady = (): boolean => ++askedReady > 0;
  server = await startMetricsServer(makePage, { isReady }, 0, "127.0.0.1");
});

afterEach(() => server.close());

test("scrapes at the same time share a page", async () => {
  const scrapes = Array.from({ length: 50 }, async () => send(server.url));
  await expect.poll(() => pages).toBe(1);
  first.resolve("first");
  const texts = (await Promise.all(scrapes)).map(({ text }) => text);
  expect(texts).toContain("first");
  expect(pages).toBeLessThan(25);
});

test("a connection is given one answer after the other, however many it asks for", async () => {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (answer += chunk));
  const paths = ["/metrics", "/ready"];
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
  await expect.poll(() => pages).toBe(1);
  expect([askedReady, answer]).toEqual([0, ""]);
  first.resolve("first");
  await expect.poll(() => answer).toMatch(/first[^]*ready/);
  expect(askedReady).toBe(1);
  socket.destroy();
});
