import { textThat, valueThat } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** A path without a query, in characters that a URL has as they are. */
const PATH = /^\/[\w.~!$&'()*+,;=:@%/-]*$/;
const PATH_FORM = "a path such as /health, without a query";

/** Where the gateway answers health checks. */
export const HEALTH_PATH = defineSetting({
  name: "HEALTH_PATH",
  ...valueThat(
    (text) => text === "off" || PATH.test(text),
    (text): `/${string}` | null => (text === "off" ? null : (text as `/${string}`)),
    `off, or ${PATH_FORM}`,
  ),
  default: "/health",
  meaning:
    "Where `GET` and `HEAD` get `200 ok` from the gateway itself, whatever store and origins do. The site's own page at this path is hidden.",
});

/** Where the gateway says whether it should get requests. */
export const READY_PATH = defineSetting({
  name: "READY_PATH",
  ...textThat((text) => PATH.test(text), PATH_FORM),
  default: null,
  meaning:
    "Where `GET` and `HEAD` say whether this gateway should get requests: 200, or 503 before the config was first read and once it is told to stop. The metrics port has the same at `/ready`.",
});
