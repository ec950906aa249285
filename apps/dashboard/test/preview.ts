// Shows the built page over the recorded scenes, one after the other: `dev [scene …]`.
import type { SceneName } from "./scenes.ts";
import { scene, SCENE_NAMES } from "./scenes.ts";
import { serveRecorded } from "./serve-recorded.ts";

const EACH_MS = 8000;

const wanted = process.argv.slice(2);
const names = SCENE_NAMES.filter((name) => wanted.length === 0 || wanted.includes(name));
const served = await serveRecorded({ port: Number(process.env["PORT"] ?? 8791) });
console.log(`${served.url}/`);

let index = 0;
function next(): void {
  const name: SceneName | undefined = names[index % names.length];
  if (name === undefined) throw new Error(`no such scene; there are ${SCENE_NAMES.join(", ")}`);
  served.environments.show(scene(name, Date.now()));
  index += 1;
}
next();
const timer = setInterval(next, EACH_MS);
process.once("SIGINT", () => {
  clearInterval(timer);
  void served.close();
});
