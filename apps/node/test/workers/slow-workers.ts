import { writeFileSync } from "node:fs";

/** How long a slow worker takes before it runs its program: longer than this process may stop. */
const SLOW_MS = 3000;

/** Workers that are slow to start from the time on that a test asks for it. */
export interface SlowWorkers {
  /** For the environment of the gateway. */
  readonly env: Readonly<Record<string, string>>;
  begin(): void;
}

/** @param file A path where there is no file yet. */
export function slowWorkers(file: string): SlowWorkers {
  const program = `import cluster from "node:cluster"; import { existsSync } from "node:fs";
    if (cluster.isWorker && existsSync(${JSON.stringify(file)}))
      await new Promise((resolve) => setTimeout(resolve, ${SLOW_MS}));`;
  return {
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` },
    begin: () => writeFileSync(file, ""),
  };
}
