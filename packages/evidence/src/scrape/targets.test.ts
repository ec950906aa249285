import { expect, test } from "vitest";
import { resolvedTargets } from "./targets.ts";

const MINUTE_MS = 60_000;
const URL_OF_ALL = new URL("http://gateways.internal:9464/metrics");

test("each address is a gateway, asked by the name", async () => {
  const find = resolvedTargets(URL_OF_ALL, async () => [
    "10.0.0.2",
    "10.0.0.1",
    "fd00::1",
    "10.0.0.1",
  ]);
  expect(await find(0)).toEqual(
    ["10.0.0.1:9464", "10.0.0.2:9464", "[fd00::1]:9464"].map((name) => ({
      name,
      url: `http://${name}/metrics`,
      headers: { host: "gateways.internal:9464" },
    })),
  );
});

test("the name is resolved again each minute, and where that fails the addresses stay", async () => {
  const answers = [["10.0.0.1"], new Error("SERVFAIL"), ["10.0.0.2"]];
  const find = resolvedTargets(URL_OF_ALL, async () => {
    const answer = answers.shift();
    if (Array.isArray(answer)) return answer;
    throw answer;
  });
  const namesAt = async (now: number): Promise<string[]> =>
    (await find(now)).map(({ name }) => name);
  expect(await namesAt(0)).toEqual(["10.0.0.1:9464"]);
  expect(await namesAt(MINUTE_MS - 1)).toEqual(["10.0.0.1:9464"]);
  expect(answers).toHaveLength(2);
  expect(await namesAt(MINUTE_MS)).toEqual(["10.0.0.1:9464"]);
  expect(await namesAt(MINUTE_MS + 1)).toEqual(["10.0.0.2:9464"]);
});

test("a name that was never resolved has no gateways", async () => {
  const find = resolvedTargets(URL_OF_ALL, async () => Promise.reject(new Error("ENOTFOUND")));
  await expect(find(0)).rejects.toThrow("ENOTFOUND");
});
