import type { Examined, Setting, Source } from "@edgezero/settings";
import { CLOUDFLARE_SETTINGS, examineSettings, SettingsError } from "@edgezero/settings";

/** `true` where `scripts/deploy.ts` has checked the variables before it uploaded the Worker. */
declare const VARIABLES_WERE_CHECKED: true | undefined;

/** The Worker's settings, and those that are not valid and came too late to be refused. */
export type WorkerSettings = Examined<typeof CLOUDFLARE_SETTINGS>;

const SECRETS: ReadonlySet<string> = new Set(
  Object.values<Setting>(CLOUDFLARE_SETTINGS)
    .filter(({ isSecret }) => isSecret === true)
    .map(({ name }) => name),
);

/**
 * Reads the Worker's settings as it starts.
 *
 * A start that throws fails an upload, which is wanted. In production it fails every request, which is
 * not. The Worker cannot tell the two starts apart, so it throws only where no check came before the
 * upload. After a check, a wrong variable was changed later, as in the dashboard. Secrets are never
 * checked before: they are not among the variables of an upload.
 *
 * @throws SettingsError when a variable is not valid and no check came before.
 */
export function readWorkerSettings(
  source: Source,
  wereChecked = variablesWereChecked(),
): WorkerSettings {
  const examined = examineSettings(CLOUDFLARE_SETTINGS, source);
  const refused = examined.findings.filter(({ setting }) => !SECRETS.has(setting));
  if (refused.length > 0 && !wereChecked) throw new SettingsError(refused);
  return examined;
}

function variablesWereChecked(): boolean {
  return typeof VARIABLES_WERE_CHECKED !== "undefined";
}
