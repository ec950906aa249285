import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseSaved } from "../src/state/saved-rollout.ts";
import { ask, Stage } from "./stage.ts";

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.remove());

type Json = Record<string, unknown>;

function saved(): string {
  return readFileSync(join(stage.folder, "state", "test.json"), "utf8");
}

function parse(text: string): unknown {
  const { store } = JSON.parse(text) as { store: string };
  return parseSaved(text, "test.json", { environment: "test", store });
}

/** All states of a rollout that is rolled back, saved after each window. */
async function savedTexts(): Promise<string[]> {
  const texts: string[] = [];
  const rollout = await stage.open();
  for (let i = 0; i < 45; i += 1) {
    await stage.step(rollout);
    if (i === 0) await ask(rollout, "start");
    if (i === 32) stage.site.failing.canary = 1;
    texts.push(saved());
  }
  await rollout.close();
  return texts;
}

/** The object in a state at a path, such as `rollout.phase`. */
function at(state: Json, path: string): Json {
  return path.split(".").reduce((object, key) => object[key] as Json, state);
}

test("every state that is saved is read again, whole", async () => {
  for (const text of await savedTexts()) expect(parse(text)).toEqual(JSON.parse(text));
});

test("a state with any part left out or of another type is refused, and the place is named", async () => {
  const texts = await savedTexts();
  const exposed = texts.findLast((text) => text.includes('"name":"observing"')) ?? "";
  const paths = [
    "rollout",
    "rollout.rules",
    "rollout.rules.noData",
    "rollout.phase",
    "rollout.phase.pass",
    "rollout.store",
    "rollout.sources.scrape",
    "rollout.evidence",
    "rollout.evidence.errors",
    "rollout.evidence.errors.sums",
    "rollout.evidence.p95.histogram",
  ];
  for (const path of paths) {
    for (const key of Object.keys(at(JSON.parse(exposed) as Json, path))) {
      for (const damage of ["left out", "another type"]) {
        const state = JSON.parse(exposed) as Json;
        const object = at(state, path);
        if (damage === "left out") delete object[key];
        else object[key] = typeof object[key] === "object" && object[key] !== null ? 7 : {};
        expect(() => parse(JSON.stringify(state))).toThrow(
          /is damaged at rollout|is of another version/,
        );
      }
    }
  }
});

test("entries of the timeline that cannot be read are left out, and the state goes on", async () => {
  const text = (await savedTexts()).at(-1) ?? "";
  const state = JSON.parse(text) as Json & { timeline: unknown[] };
  const odd = [7, null, { at: "noon" }, { ...(state.timeline[0] as Json), kind: "another" }];
  const read = parse(JSON.stringify({ ...state, timeline: [...odd, ...state.timeline] }));
  expect(read).toEqual(state);
  expect(state.timeline).not.toEqual([]);
  expect(() => parse(JSON.stringify({ ...state, timeline: 7 }))).toThrow("is damaged at timeline");
});

test("a rollback with any part left out is refused", async () => {
  const texts = await savedTexts();
  const back = texts.find((text) => text.includes('"rollback":')) ?? "";
  for (const key of Object.keys(at(JSON.parse(back) as Json, "rollout.phase.rollback"))) {
    const state = JSON.parse(back) as Json;
    delete at(state, "rollout.phase.rollback")[key];
    expect(() => parse(JSON.stringify(state))).toThrow("is damaged at rollout.phase");
  }
});

test("a state goes on with the same store by another spelling, and with no other store", async () => {
  const [text = ""] = await savedTexts();
  const store = "redis://redis.internal";
  const found = JSON.stringify({ ...(JSON.parse(text) as Json), store });
  const read = (by: string | null): unknown =>
    parseSaved(found, "test.json", { environment: "test", store: by });
  expect(read("redis://***@redis.internal:6379/0")).toMatchObject({ store });
  expect(() => read("redis://redis.internal/1")).toThrow(
    "not to test with redis://redis.internal/1",
  );
  // One that lay beside the keys is of that store, whatever it was called then.
  expect(read(null)).toMatchObject({ store });
});
