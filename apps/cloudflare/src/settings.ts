import type { Examined, Source } from "@edgezero/settings";
import { CLOUDFLARE_SETTINGS, examineSettings, SettingsError } from "@edgezero/settings";

/** `true` where `scripts/deploy.ts` has checked the variables before it uploaded the Worker. */
declare const VARIABLES_WERE_CHECKED: true | undefined;

/** The Worker's settings, and those that are not valid and came too late to be refused. */
export type WorkerSettings = Examined<typeof CLOUDFLARE_SETTINGS>;

/**
 * Reads the Worker's settings, as it starts. A start that throws fails the upload, but also each
 * request of a Worker that is already there. So only a Worker whose upload can be the first to see
 * its variables throws: after a check before the upload, a variable that is not valid was changed
 * later, as in the dashboard. The secret comes later always.
 *
 * @throws SettingsError when a variable that was not checked before is not valid.
 */
export function readWorkerSettings(
  source: Source,
  wereChecked = variablesWereChecked(),
): WorkerSettings {
  const examined = examineSettings(CLOUDFLARE_SETTINGS, source);
  const refused = examined.findings.filter(
    ({ setting }) => setting !== CLOUDFLARE_SETTINGS.FORCE_SECRET.name,
  );
  if (refused.length > 0 && !wereChecked) throw new SettingsError(refused);
  return examined;
}

function variablesWereChecked(): boolean {
  return typeof VARIABLES_WERE_CHECKED !== "undefined";
}
