import { RecordedEnvironments } from "./recorded-environments.ts";
import type { ServedPage } from "./serve-page.ts";
import { servePage } from "./serve-page.ts";

/** The page and the API of a controller, over what was recorded. */
export interface ServedRecording extends ServedPage {
  readonly environments: RecordedEnvironments;
}

export async function serveRecorded(
  options: Parameters<typeof servePage>[1] = {},
  environments: RecordedEnvironments = new RecordedEnvironments(),
): Promise<ServedRecording> {
  return { ...(await servePage(environments, options)), environments };
}
