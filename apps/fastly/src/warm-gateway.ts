import {
  createSourceOf,
  endToEndHeaders,
  forwardedHeaders,
  hostNames,
  isLoop,
  toClientHeaders,
  viaName,
} from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";
import { examineSettings, FASTLY_SETTINGS } from "@edgezero/settings";
import { createGateway } from "./gateway.ts";
import { createFastlyProbe } from "./probe.ts";
import { warmCore } from "./warm-core.ts";

const ORIGIN = new URL("https://origin.example.com");

/**
 * Runs in the build what each sandbox's first request runs of this program: the reading of its settings,
 * the core, and the translation of headers. See {@link warmCore} for what it must not touch.
 */
export function warmGateway(logger: Logger): void {
  // The build's own settings cannot be read yet. The same code reads the defaults, and texts of which each
  // rule takes or refuses some.
  for (const text of ["1", "path", "/health"]) examineSettings(FASTLY_SETTINGS, () => text);
  const defaults = examineSettings(FASTLY_SETTINGS, () => undefined);
  const { settings } = defaults;
  createGateway(defaults, logger);
  const via = viaName("");
  const rules = { sourceOf: createSourceOf(settings.UNTRUSTED_HEADERS), via };
  warmCore({
    probe: createFastlyProbe(logger),
    serve(request, client) {
      isLoop(request.headers.get("via"), via);
      forwardedHeaders(request, client, rules).set("host", ORIGIN.host);
      const headers = endToEndHeaders(
        new Headers({ "content-type": "text/html", location: ORIGIN.href, "set-cookie": "a=b" }),
      );
      toClientHeaders(headers, () => hostNames(request, ORIGIN));
      return { status: 200, headers, body: null } as Response;
    },
  });
}
