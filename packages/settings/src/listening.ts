import { anyText, wholeNumber } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** The port of the gateway. */
export const PORT = defineSetting({
  name: "PORT",
  ...wholeNumber(0, 65_535),
  default: "8787",
  meaning: "The port to listen on. 0 picks a free one.",
});

/** The address of the gateway. */
export const HOST = defineSetting({
  name: "HOST",
  ...anyText,
  default: "127.0.0.1",
  meaning:
    "The address to listen on. The default accepts this machine alone; `0.0.0.0` accepts everyone who reaches the port.",
});
