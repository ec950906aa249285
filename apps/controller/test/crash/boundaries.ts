import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lease } from "@edgezero/stores/lease";
import type { Coordination } from "@edgezero/stores/coordination";
import type { Changes } from "@edgezero/stores/operator-store";
import type { Ports, Stage } from "../stage.ts";

/** The percentages that the store took, a line each. */
export const WRITES = "writes.txt";
/** The percentage of a write that was begun, for as long as it is not known to have ended. */
const BEGUN = "begun.txt";
/** The windows that the site has counted, which a source may be asked for again. */
export const WINDOWS = "windows.json";

type Around = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Tells of each moment before and after something lasting is done, by a name for it. */
export function around(onBoundary: (name: string) => void): Around {
  return async (name, work) => {
    onBoundary(`before ${name}`);
    const done = await work();
    onBoundary(`after ${name}`);
    return done;
  };
}

/** Ports that tell of each of these moments. */
export function withBoundaries(
  ports: Ports,
  stage: Stage,
  onBoundary: (name: string) => void,
): Ports {
  const tell = around(onBoundary);
  const { store, journal, file } = ports;
  const begun = join(stage.folder, BEGUN);
  const noted = async (to: Changes, write: () => Promise<void>): Promise<void> => {
    const pct = to.edgezero_rollout_pct ?? "";
    writeFileSync(begun, pct);
    await write();
    appendFileSync(join(stage.folder, WRITES), `${pct}\n`);
    rmSync(begun, { force: true });
  };
  return {
    file: { ...file, save: async (text) => tell("state", async () => file.save(text)) },
    journal: {
      ...journal,
      append: async (added) =>
        tell(added.map((entry) => entry.kind).join("+"), async () => journal.append(added)),
    },
    store: {
      ...store,
      coordination: store.coordination === null ? null : coordinated(store.coordination, tell),
      write: async (to, guard) =>
        tell("write", async () => noted(to, async () => store.write(to, guard))),
      overwrite: async (to, who) =>
        tell("overwrite", async () => noted(to, async () => store.overwrite(to, who))),
    },
  };
}

/**
 * Completes the list of writes where a process was killed in one: another boundary may end it after the store
 * took the write, and before that was noted.
 */
export async function noteLanded(stage: Stage): Promise<void> {
  const begun = join(stage.folder, BEGUN);
  if (!existsSync(begun)) return;
  const { edgezero_rollout_pct: pct } = await stage.store().read();
  if (readFileSync(begun, "utf8") === pct) appendFileSync(join(stage.folder, WRITES), `${pct}\n`);
  rmSync(begun);
}

function coordinated({ location, lock, mark }: Coordination, tell: Around): Coordination {
  return {
    location,
    lock: {
      ...lock,
      async take(who, command) {
        const attempt = await tell("lock", async () => lock.take(who, command));
        if (attempt.kind === "busy") return attempt;
        const held = attempt.lock;
        const release = async (): Promise<void> => tell("unlock", async () => held.release());
        return { kind: "held", lock: { ...held, release } };
      },
    },
    mark: { ...mark, leave: async (who) => tell("mark", async () => mark.leave(who)) },
  };
}

/** A lease that tells of its moments. */
export function leaseWithBoundaries(lease: Lease, onBoundary: (name: string) => void): Lease {
  const tell = around(onBoundary);
  return {
    ...lease,
    async take(who) {
      const attempt = await tell("lease", async () => lease.take(who));
      if (attempt.kind === "following") return attempt;
      const { term } = attempt;
      return {
        kind: "leading",
        term: { ...term, release: async () => tell("end of lease", async () => term.release()) },
      };
    },
  };
}

/** Leaves what the next process must know of the site. */
export function saveWindows({ folder, site }: Stage): void {
  writeFileSync(join(folder, WINDOWS), JSON.stringify(site.windows));
}
