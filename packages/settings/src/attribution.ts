import { oneOf, textThat, valueThat } from "./rules.ts";
import type { ValueOf } from "./setting.ts";
import { defineSetting } from "./setting.ts";

/** Short enough for the sampling key of every sink, and safe in every query language. */
const SERVICE = /^[\w.-]{1,64}$/;
const SAMPLE_RATE = /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/;

/** The name of the site. */
export const SERVICE_NAME = defineSetting({
  name: "SERVICE_NAME",
  ...textThat((text) => SERVICE.test(text), "1 to 64 letters, digits, dots, dashes or _"),
  default: "edgezero-rollout",
  meaning: "The name of the site or service in events.",
});

/** How much a response tells. */
export const ATTRIBUTION = defineSetting({
  name: "ATTRIBUTION",
  ...oneOf(["path", "detail"]),
  default: "path",
  meaning:
    "How much a response says of its decision. `detail` adds the header `x-edgezero-decision`, which tells anyone the percentage, and each client its bucket.",
});

/** Which responses name their path. */
export const PATH_HEADER = defineSetting({
  name: "PATH_HEADER",
  ...oneOf(["always", "signed", "never"]),
  default: "always",
  meaning:
    "Which responses name their path in `x-edgezero-path`: every routed one, only those to a tester with a valid token, or not one. Events, metrics and probes do not need it.",
});

/** The values of {@link PATH_HEADER}. */
export type PathHeader = ValueOf<typeof PATH_HEADER>;

/** What shared caches are told. */
export const SHARED_CACHES = defineSetting({
  name: "SHARED_CACHES",
  ...oneOf(["unchanged", "private", "vary"]),
  default: "unchanged",
  meaning:
    "What cacheable responses tell shared caches in front while both paths serve: nothing, `private` (they store none of them) or `vary` (an entry for each `X-Forwarded-For`). Unchanged, a cache may give one path's response to clients of the other.",
});

/** How many events become lines. */
export const EVENT_SAMPLE_RATE = defineSetting({
  name: "EVENT_SAMPLE_RATE",
  ...valueThat((text) => SAMPLE_RATE.test(text), Number, "empty, or a number from 0 to 1"),
  default: null,
  meaning:
    "The share of requests whose event is a line of the log; at any rate, each failed request has one. Empty: no event is a line, not even a failure's.",
});
