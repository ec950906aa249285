/** The replacement of a Worker's Analytics Engine binding. Miniflare's own drops every data point. */
export type AnalyticsBinding = "miniflare" | keyof typeof WRITERS;

/** The code by which each handles a data point. */
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

/** Code that runs before a Worker starts. */
export interface Prelude {
  readonly analytics?: AnalyticsBinding;
  readonly wereVariablesChecked?: boolean;
}

/** A Worker's modules, the first of which is its entry, with a prelude that runs before it. */
export function modulesWith(
  main: string,
  { analytics, wereVariablesChecked = false }: Prelude,
): WorkerModule[] {
  const prelude = [
    // `deploy` puts it into the bundle.
    ...(wereVariablesChecked ? ["globalThis.VARIABLES_WERE_CHECKED = true;"] : []),
    ...(analytics === undefined || analytics === "miniflare"
      ? []
      : [`env.EDGEZERO_EVENTS = { writeDataPoint(point) { ${WRITERS[analytics]} } };`]),
  ];
  const worker = esModule("main.js", main);
  if (prelude.length === 0) return [worker];
  return [
    esModule("entry.js", 'import "./prelude.js";\nexport { default } from "./main.js";'),
    esModule("prelude.js", ['import { env } from "cloudflare:workers";', ...prelude].join("\n")),
    worker,
  ];
}

function esModule(path: string, contents: string): WorkerModule {
  return { type: "ESModule", path, contents };
}
