import { describe, expect, test } from "vitest";
import { tokenFor, SECRET as FORCE_SECRET } from "../test/forced-gateway.ts";
import { storeOf } from "../test/scripted-store.ts";
import { testGateway } from "../test/test-gateway.ts";
import { createAttribution, DECISION_HEADER, parseDecision } from "./attribution/index.ts";
import { createForce } from "./force/index.ts";
import { PATH_HEADER } from "./path-header.ts";
import type { RolloutHandlerOptions } from "./rollout-handler.ts";

type PathHeader = RolloutHandlerOptions<never, never, never>["pathHeader"];

const toLegacy = await tokenFor("legacy");

function gatewayThatSays(pathHeader: PathHeader) {
  const events: unknown[] = [];
  const attribution = createAttribution({
    service: "site",
    runtime: "node",
    attribution: "detail",
    sinks: [({ path }) => void events.push(path)],
    override: createForce<Request>({ secret: FORCE_SECRET }).override,
  });
  const configStore = storeOf("1", "100");
  const send = testGateway({ pathHeader, attribution, configStore });
  const ask = async (headers: Record<string, string> = {}) =>
    send(new Request("https://site.example/", { headers }));
  return { ask, events };
}

describe("which responses name their path", () => {
  test.each([
    { pathHeader: undefined, usual: "edgezero", forced: "legacy" },
    { pathHeader: "always", usual: "edgezero", forced: "legacy" },
    { pathHeader: "signed", usual: null, forced: "legacy" },
    { pathHeader: "never", usual: null, forced: null },
  ] as const)("pathHeader: $pathHeader", async ({ pathHeader, usual, forced }) => {
    const { ask, events } = gatewayThatSays(pathHeader);
    const answers = [
      await ask(),
      await ask({ "x-edgezero-force": toLegacy }),
      await ask({ "x-edgezero-force": `${toLegacy}x` }),
    ];
    expect(answers.map(({ headers }) => headers.get(PATH_HEADER))).toEqual([usual, forced, usual]);
    expect(await Promise.all(answers.map(async (answer) => answer.text()))).toEqual([
      "from edgezero",
      "from legacy",
      "from edgezero",
    ]);
    expect(events).toEqual(["edgezero", "legacy", "edgezero"]);
    const reasons = answers.map(({ headers }) => headers.get(DECISION_HEADER));
    expect(reasons.map((text) => parseDecision(text)?.reason)).toEqual([
      "cutover",
      "forced",
      "cutover",
    ]);
  });

  test("a response that is not marked is the handler's own, without a header of that name", async () => {
    const own = new Response("from edgezero", {
      headers: { [PATH_HEADER]: "forged", "x-kept": "1" },
    });
    const send = testGateway({ pathHeader: "never", edgezero: () => own });
    const response = await send();
    expect(response).toBe(own);
    expect([...response.headers.keys()]).toEqual(["content-type", "x-kept"]);
  });

  test.each(["always", "signed", "never"] as const)(
    "the decision can be told on a response with immutable headers: %s",
    async (pathHeader) => {
      const attribution = createAttribution({
        service: "site",
        runtime: "node",
        attribution: "detail",
      });
      const fixed = Response.redirect("https://site.example/", 302);
      const send = testGateway({ pathHeader, attribution, edgezero: () => fixed });
      const { status, headers } = await send();
      expect([status, headers.get("location")]).toEqual([302, "https://site.example/"]);
      expect(headers.get(PATH_HEADER)).toBe(pathHeader === "always" ? "edgezero" : null);
      expect(parseDecision(headers.get(DECISION_HEADER))?.reason).toBe("cutover");
    },
  );
});
