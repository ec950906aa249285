const TOKEN = "edgezero-rollout-token";
const WHO = "edgezero-rollout-who";

/** What the tab remembers: closing it forgets it. */
export interface Session {
  readonly token: string | null;
  /** Who acts, for the audit trail; `""` where nobody said. */
  readonly who: string;
}

/** A storage that a browser may refuse, such as in a private window. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A storage of the browser; one that keeps nothing where the browser has none for this page. */
export function storageOf(open: () => TabStorage): TabStorage {
  try {
    return open();
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
}

export function readSession(storage: TabStorage): Session {
  return { token: get(storage, TOKEN), who: get(storage, WHO) ?? "" };
}

/** Keeps the token in the tab; `null` forgets it. */
export function keepToken(storage: TabStorage, token: string | null): void {
  put(storage, TOKEN, token);
}

export function keepWho(storage: TabStorage, who: string): void {
  put(storage, WHO, who);
}

function get(storage: TabStorage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/** Where the browser keeps nothing, the page remembers until it is loaded again. */
function put(storage: TabStorage, key: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // It is asked for again after the next load.
  }
}
