import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ControllerClient } from "@edgezero/control-api/client";
import { createClient } from "@edgezero/control-api/client";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Child } from "@edgezero/testbed/process/child-process";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { OPERATOR_VARIABLES } from "./site.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A controller as a process of its own. */
export interface ControllerProcess extends Pick<Child, "pid" | "end"> {
  readonly url: string;
  readonly client: ControllerClient;
  /** The lines of its log. */
  readonly lines: readonly string[];
  view(): Promise<EnvironmentView>;
  /** Sends a command, and fails where it is refused. */
  ask(command: "start" | "pause" | "resume" | "reset", id?: string): Promise<void>;
  /** Waits for a view, at most so many milliseconds. */
  until(isThere: (view: EnvironmentView) => boolean, limitMs: number): Promise<EnvironmentView>;
}

/** Starts a controller by the site's config file, as a user does. */
export async function startController(
  site: { readonly folder: string; readonly config: string },
  variables: Readonly<Record<string, string>> = {},
): Promise<ControllerProcess> {
  const lines: string[] = [];
  const child = await startProcess(process.execPath, [MAIN, "--config", site.config], {
    cwd: site.folder,
    env: { ...OPERATOR_VARIABLES, PORT: "0", STATE_DIR: join(site.folder, "state"), ...variables },
    ready: /^.*"controller started".*$/,
    onLine: (line) => lines.push(line),
  });
  const { url } = JSON.parse(child.said) as { url: string };
  const client = createClient({ url });
  const view = async (): Promise<EnvironmentView> => client.environment("production");
  return {
    pid: child.pid,
    end: async (signal) => child.end(signal),
    url,
    client,
    lines,
    view,
    async ask(command, id = `${command}-${performance.now()}`) {
      const request = { command, who: "ana", reason: "a test", id };
      const answer = await client.command("production", request);
      if (!answer.accepted) throw new Error(answer.sentence);
    },
    async until(isThere, limitMs) {
      const limit = AbortSignal.timeout(limitMs);
      let last = await view();
      if (isThere(last)) return last;
      try {
        for await (const event of client.events("production", { signal: limit })) {
          last = event.view;
          if (isThere(last)) return last;
        }
      } catch (error) {
        if (!limit.aborted) throw error;
      }
      const timeline = last.timeline.map(({ sentence }) => sentence).join("\n");
      throw new Error(`not in ${limitMs} ms: ${last.sentence}\n${timeline}\n${lines.join("\n")}`);
    },
  };
}
