#!/usr/bin/env node
import { parseArgs } from "node:util";
import { messageOf } from "@edgezero/faults/faults";
import { watchLaunchers } from "@edgezero/node/launchers";
import { begin } from "./begin.ts";
import type { Demo } from "./demo.ts";
import { startDemo } from "./demo.ts";
import { startPage } from "./page/page-server.ts";
import { playStory } from "./story/story.ts";

const stopped = Promise.withResolvers<"stopped">();
watchLaunchers(process.env, () => stopped.resolve("stopped"));
process.on("SIGTERM", () => stopped.resolve("stopped"));
process.on("SIGINT", () => stopped.resolve("stopped"));

try {
  const { values } = parseArgs({
    options: { script: { type: "string" }, port: { type: "string" } },
  });
  if (values.script !== undefined && values.script !== "story") {
    throw new Error(`--script ${values.script}: there is no such script; allowed: story`);
  }
  const demo = await startDemo();
  try {
    process.exitCode = await run(demo, values.script === "story", portOf(values.port));
  } finally {
    await demo.stop();
  }
} catch (error) {
  process.stderr.write(`The demo cannot run.\n${messageOf(error)}\n`);
  process.exitCode = 1;
}

/** Runs until it is stopped, or until the story has ended. Gives the exit code. */
async function run(demo: Demo, isStory: boolean, port: number | undefined): Promise<number> {
  const page = await startPage(demo, port);
  try {
    console.log(`The rollout of a small shop: ${page.url} (Control-C ends it)`);
    await begin(demo);
    const story = isStory ? playStory(demo, console.log) : new Promise<never>(() => {});
    const ending = await Promise.race([story, demo.ended, stopped.promise]);
    if (ending === "stopped") return isStory ? 1 : 0;
    console.log(ending.sentence);
    return ending.isProven ? 0 : 1;
  } finally {
    await page.close();
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`--port ${text}: it must be a number from 0 to 65535`);
}
