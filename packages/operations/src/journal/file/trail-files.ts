/** The files of one audit trail. */
export interface TrailFiles {
  /** The entries, a JSON object on each line. */
  readonly trail: string;
  /** The number of entries and the hash of the last one. */
  readonly head: string;
  /** Held during an append. */
  readonly appending: string;
  /** The beginning of the names of all these files. */
  readonly stem: string;
}

/** The files of the trail at `path`. */
export function trailFilesAt(path: string): TrailFiles {
  const stem = path.replace(/\.jsonl$/, "");
  return { trail: path, head: `${stem}.head`, appending: `${stem}.appending`, stem };
}
