import { createJsonLogger, refuseFirst } from "@edgezero/gateway";
import type { Probe, RequestHandler, RolloutClient } from "@edgezero/rollout";
import {
  createRolloutHandler,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "@edgezero/rollout";
import { createConfigStore } from "@edgezero/stores/fastly/reader";

type Handler = RequestHandler<Request, RolloutClient, Response>;

const ADDRESSES = ["192.0.2.1", "198.51.100.77", "203.0.113.254", "2001:db8::1", null];
const PERCENTAGES = ["0", "10", "50", "100"];
const HEADERS = {
  host: "www.example.com",
  accept: "*/*",
  "accept-encoding": "gzip, br",
  "user-agent": "warm",
  cookie: "session=1",
};

/** What else of a program can run in its build. */
export interface WarmedParts {
  /** Serves either path. It may fail: a `Response` cannot be made in the build. */
  readonly serve?: Handler;
  readonly probe?: Probe<Request>;
}

/**
 * Runs the core while the program is built, so that the engine's snapshot holds its code as compiled: a
 * sandbox lives for few requests, and would compile it for the first of them.
 *
 * Nothing that it runs may use what a sandbox has of its own: no store, no time and no randomness, whose
 * values all sandboxes would share. So store, request and response are made here, and attribution, which
 * uses both time and randomness, is not part of it. Most of the platform's classes and its timers end the
 * build where they are used in it; `Headers` and `URL` do not.
 */
export function warmCore({ serve = answer, probe }: WarmedParts = {}): void {
  const logger = createJsonLogger({ threshold: () => "info", write() {} });
  for (const percentage of PERCENTAGES) {
    const values = new Map([
      [EDGEZERO_ENABLED_KEY, "true"],
      [EDGEZERO_ROLLOUT_PCT_KEY, percentage],
    ]);
    const configStore = createConfigStore(() => ({ get: (key) => values.get(key) ?? null }));
    const routed = createRolloutHandler({
      configStore,
      legacy: serve,
      edgezero: serve,
      probe,
      logger,
    });
    const handle = refuseFirst(routed, "none");
    for (const ip of ADDRESSES) void run(handle, ip);
  }
}

async function run(handle: Handler, ip: string | null): Promise<void> {
  try {
    await handle(requestToWarm(), { ip });
  } catch {
    // What cannot run in the build is compiled by the first request, as all would be otherwise.
  }
}

/** What the gateway uses of a request, with headers that most requests have. */
function requestToWarm(): Request {
  const url = "https://www.example.com/a?b=1";
  return { method: "GET", url, headers: new Headers(HEADERS), body: null } as Request;
}

function answer(): Response {
  return { status: 200, headers: new Headers(), body: null } as Response;
}
