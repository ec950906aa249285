/** A Fastly Config Store. */
export interface FastlyLocation {
  readonly id: string;
  /** The URL, for people. It holds no credentials. */
  readonly shown: string;
}

/** Reads `fastly://<store-id>`; `null` where it is anything else. */
export function parseFastlyUrl(url: string): FastlyLocation | null {
  const id = /^fastly:\/\/([A-Za-z0-9]{1,64})\/?$/i.exec(url)?.[1];
  return id === undefined ? null : { id, shown: `fastly://${id}` };
}
