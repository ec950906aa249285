import * as kinds from "./gateway-kinds.ts";
import type { ConfigLocation, GatewayStoreKind } from "./gateway-store.ts";

const KINDS: readonly GatewayStoreKind[] = Object.values(kinds);

/** The texts that {@link locateConfig} takes, for messages. */
export const CONFIG_FORMS: string = KINDS.map(({ form }) => form).join(", or ");

/** Reads the place of a gateway's config; `null` where the text names no store that it can read. */
export function locateConfig(text: string): ConfigLocation | null {
  // Nearly every text may be a path, so the others are asked first.
  const { FILE_READER, ...others } = kinds;
  const other = Object.values(others).find((kind) => kind.means(text));
  const kind = other ?? (FILE_READER.means(text) ? FILE_READER : null);
  return kind?.locate(text) ?? null;
}
