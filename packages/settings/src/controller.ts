import { LOG_LEVEL } from "./log.ts";
import { HOST, PORT } from "./listening.ts";
import { anyText } from "./rules.ts";
import { bearerToken } from "./secret.ts";
import { defineSetting } from "./setting.ts";

const CONTROLLER_PORT = defineSetting({ ...PORT, default: "8790" });

const CONTROLLER_HOST = defineSetting({
  ...HOST,
  meaning:
    "The address to listen on. The default accepts this machine alone. Any other one needs `CONTROLLER_TOKEN`: whoever may send commands moves traffic.",
});

const STATE_DIR = defineSetting({
  name: "STATE_DIR",
  ...anyText,
  default: ".edgezero/controller",
  meaning:
    "The folder of the state of each rollout, from which a controller goes on after a restart; a relative path begins where the process was started. Without its file a controller knows of no rollout, and guards nothing that is exposed.",
});

const CONTROLLER_LOG_LEVEL = defineSetting({
  ...LOG_LEVEL,
  meaning:
    "The lowest level of the log, in any case. `debug` has a line for each tick; `fatal` and `silent` also hide errors.",
});

const CONTROLLER_TOKEN = defineSetting({
  name: "CONTROLLER_TOKEN",
  ...bearerToken,
  default: null,
  meaning:
    "The bearer token of operators. With it anyone can start, approve and roll back. It may be left out on a loopback address only.",
  isSecret: true,
});

const INGEST_TOKEN = defineSetting({
  name: "INGEST_TOKEN",
  ...bearerToken,
  default: null,
  meaning:
    "The bearer token of gateways and log services that post decision events. With it anyone can make up evidence, and send no command.",
  isSecret: true,
});

/** The settings of a controller's process, in the order in which readers meet them. */
export const CONTROLLER_SETTINGS = {
  PORT: CONTROLLER_PORT,
  HOST: CONTROLLER_HOST,
  STATE_DIR,
  LOG_LEVEL: CONTROLLER_LOG_LEVEL,
  CONTROLLER_TOKEN,
  INGEST_TOKEN,
};
