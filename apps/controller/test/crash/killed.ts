// A process that leads a rollout, and is killed by SIGKILL at the boundary that is given. At 0 it lives on, and
// writes where each boundary was.
import { BEGIN, Stage, stateOf } from "../stage.ts";
import { saveWindows } from "./boundaries.ts";
import type { CourseName } from "./courses.ts";
import { COURSES, goThrough } from "./courses.ts";
import type { OpenCourse } from "./open-course.ts";
import { openCourse } from "./open-course.ts";

const [folder = "", name = "", at = "", url = "", redisUrl = ""] = process.argv.slice(2);
const stage = new Stage(folder, BEGIN, redisUrl || null);
const boundaries: string[] = [];
const pass = stage.site.pass.bind(stage.site);
stage.site.pass = async () => {
  await pass();
  saveWindows(stage);
};
let course: OpenCourse | null = null;
course = await openCourse(stage, COURSES[name as CourseName], url, (boundary) => {
  boundaries.push(`${course === null ? "" : stateOf(course.rollout)}: ${boundary}`);
  if (boundaries.length === Number(at)) process.kill(process.pid, "SIGKILL");
});
await goThrough(stage, course.rollout, COURSES[name as CourseName]);
await course.end();
process.stdout.write(JSON.stringify(boundaries));
