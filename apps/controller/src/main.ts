#!/usr/bin/env node
import { parseArgs } from "node:util";
import { messageOf } from "@edgezero/faults/faults";
import type { LogLevel } from "@edgezero/rollout";
import { CONTROLLER_SETTINGS, readSettings } from "@edgezero/settings";
import { pino } from "pino";
import { startController } from "./start.ts";

try {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  const settings = readSettings(CONTROLLER_SETTINGS, (name) => process.env[name]);
  const lines = pino({ level: settings.LOG_LEVEL });
  const logger = {
    debug: (message: string, fields: object = {}): void => lines.debug(fields, message),
    info: (message: string, fields: object = {}): void => lines.info(fields, message),
    warn: (message: string, fields: object = {}): void => lines.warn(fields, message),
    error: (message: string, fields: object = {}): void => lines.error(fields, message),
    isLevelEnabled: (level: LogLevel): boolean => lines.isLevelEnabled(level),
  };
  const controller = await startController(settings, values.config, logger);
  logger.info("controller started", { url: controller.url });
  let isEnding = false;
  const shutDown = async (): Promise<void> => {
    if (isEnding) {
      // The state says what was under way: the next process goes on with it.
      logger.error("ended by a second signal, before all was done");
      process.exit(1);
    }
    isEnding = true;
    try {
      await controller.stop();
    } catch (fault) {
      logger.error("the end had a fault", { why: messageOf(fault) });
      process.exit(1);
    }
    process.exit(0);
  };
  process.on("SIGHUP", () => void controller.reload());
  process.on("SIGTERM", () => void shutDown());
  process.on("SIGINT", () => void shutDown());
} catch (fault) {
  process.stderr.write(`The controller cannot start.\n${messageOf(fault)}\n`);
  process.exitCode = 1;
}
