/** What stands for a Worker's binding of Analytics Engine: Miniflare's own does nothing with a data point. */
export type AnalyticsBinding = "miniflare" | keyof typeof WRITERS;

/** What each does with a data point. */
const WRITERS = {
  recording: "console.log(JSON.stringify({ dataPoint: point }));",
  throwing: 'throw new Error("the dataset is not there");',
  rejecting: 'return Promise.reject(new Error("the dataset is not there"));',
  hanging: "return new Promise(() => {});",
} as const;

/** A module of the Worker. */
interface WorkerModule {
  readonly type: "ESModule";
  readonly path: string;
  readonly contents: string;
}

/** A Worker's modules, the first of which is its entry, with a binding in place before it starts. */
export function modulesWith(main: string, analytics: AnalyticsBinding | undefined): WorkerModule[] {
  const worker = esModule("main.js", main);
  if (analytics === undefined || analytics === "miniflare") return [worker];
  return [
    esModule("entry.js", 'import "./binding.js";\nexport { default } from "./main.js";'),
    esModule(
      "binding.js",
      `import { env } from "cloudflare:workers";
       env.EDGEZERO_EVENTS = { writeDataPoint(point) { ${WRITERS[analytics]} } };`,
    ),
    worker,
  ];
}

function esModule(path: string, contents: string): WorkerModule {
  return { type: "ESModule", path, contents };
}
