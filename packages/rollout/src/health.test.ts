import { describe, expect, test } from "vitest";
import type { RolloutHandlerOptions, RolloutClient } from "./rollout-handler.ts";
import { createRolloutHandler } from "./rollout-handler.ts";

type HealthPath = RolloutHandlerOptions<Request, RolloutClient, Response>["healthPath"];

/** A gateway on which everything but the health check fails. */
function gatewayWith(healthPath?: HealthPath) {
  const touched: string[] = [];
  const touch = (name: string) => (): never => {
    touched.push(name);
    throw new Error(`${name} was touched`);
  };
  const handler = createRolloutHandler<Request, RolloutClient, Response>({
    configStore: { get: touch("store") },
    legacy: touch("legacy"),
    edgezero: touch("edgezero"),
    attribution: touch("attribution"),
    healthPath,
  });
  const ask = (url: string, method = "GET") =>
    handler(new Request(new URL(url, "https://user.example:8443"), { method }), { ip: "1.2.3.4" });
  return { ask, touched };
}

describe("the health check", () => {
  test.each<{ healthPath?: HealthPath; url: string; method?: string }>([
    { url: "/health" },
    { url: "/health?" },
    { url: "/health?verbose=1&next=//evil.example/x" },
    { url: "http://127.0.0.1:8787/health" },
    { url: "http://[::1]/health?a=b#c" },
    { healthPath: "/", url: "/" },
    { healthPath: "/", url: "/?x" },
    { healthPath: "/-/ready", url: "/-/ready" },
    { url: "/health?head", method: "HEAD" },
  ])("answers 200 ok to $url, and touches nothing", async ({ healthPath, url, method }) => {
    const { ask, touched } = gatewayWith(healthPath);
    const response = await ask(url, method);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("ok");
    expect(touched).toEqual([]);
  });

  test.each<{ healthPath?: HealthPath; url: string; method?: string }>([
    { url: "/" },
    { url: "/health/" },
    { url: "/healthz" },
    { url: "/Health" },
    { url: "/a/health" },
    { url: "http://127.0.0.1//health" },
    { url: "/%68ealth" },
    { url: "/?/health" },
    { url: "/?x=//y/health" },
    { url: "/#/health" },
    { url: "/health", method: "OPTIONS" },
    { url: "/health", method: "POST" },
    { url: "/health", method: "OPTIONS" },
    { healthPath: false, url: "/health" },
    { healthPath: false, url: "/false" },
    { healthPath: "/-/ready", url: "/health" },
    { healthPath: "/-/ready", url: "/-/ready/" },
  ])("is not $method $url where healthPath is $healthPath", async ({ healthPath, url, method }) => {
    const { ask, touched } = gatewayWith(healthPath);
    await expect(ask(url, method)).rejects.toThrow("legacy was touched");
    expect(touched).toEqual(["store", "attribution", "legacy"]);
  });
});
