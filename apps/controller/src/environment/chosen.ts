import { join } from "node:path";
import type { LoadedConfig, Variables } from "@edgezero/config";
import { targetOf } from "@edgezero/config";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { isAllLegacy, readingOf } from "@edgezero/operations/reading";
import { openStore } from "@edgezero/stores/open-operator-store";
import { passwordsOf, redact, secretsIn } from "@edgezero/stores/redact";
import { isRedisUrl } from "@edgezero/stores/redis/location";
import { storeIdentity } from "@edgezero/stores/store-identity";
import { leftBehind, savedNames } from "../state/left-behind.ts";
import { LedElsewhereError } from "./led-elsewhere.ts";
import type { Refused } from "./unavailable.ts";

/** What a controller has to care for. */
export interface Chosen {
  /** Names of environments that it may try to run. */
  readonly names: readonly string[];
  /** Those that it cannot. */
  readonly refused: readonly Refused[];
}

/**
 * Chooses every environment that names `evidence`, and every one in which an earlier process has left clients
 * on EdgeZero, whatever the config says of it by now: its traffic must not be out of sight. Never rejects.
 */
export async function chooseEnvironments(
  loaded: LoadedConfig,
  variables: Variables,
  stateDir: string,
): Promise<Chosen> {
  const environments = loaded.config.environments ?? {};
  const names: string[] = [];
  for (const [name, { evidence }] of Object.entries(environments)) {
    const left = evidence === undefined ? await leftBehind(stateDir, name) : null;
    if (left?.kind !== "nothing") names.push(name);
  }
  const saved = await savedNames(stateDir);
  const stranded = saved.filter((name) => !Object.hasOwn(environments, name));
  const gone = await Promise.all(stranded.map(async (name) => refuseGone(stateDir, name)));
  const twice = await refuseTwice(names, loaded, variables);
  return {
    names: names.filter((name) => twice.every((each) => each.name !== name)),
    refused: [...twice, ...gone.flat()],
  };
}

const ELSEWHERE = {
  exposed: "",
  unknown: " when this host led it last, and another controller may have ended it since",
} as const;

/** A store that hangs must not keep other environments from being opened. */
const LIMIT_MS = 2000;

/**
 * Whether a store that controllers of several hosts share still has clients on EdgeZero: this host's copy of the
 * state may be old. Of any other store the state is this host's own. Never rejects.
 */
async function exposureNow(location: string): Promise<"none" | "exposed" | "unknown"> {
  if (!isRedisUrl(location)) return "exposed";
  try {
    // Where it has credentials they are not kept, and it refuses.
    const store = await openStore(location, {});
    const reading = await readingOf(await withDeadline(LIMIT_MS, async () => store.read()));
    return isAllLegacy(reading) ? "none" : "exposed";
  } catch {
    return "unknown";
  }
}

/** A file that is no state of a rollout is nobody's environment. */
async function refuseGone(stateDir: string, name: string): Promise<Refused[]> {
  const left = await leftBehind(stateDir, name);
  if (left.kind !== "exposed") return [];
  const now = await exposureNow(left.store);
  if (now === "none") return [];
  const at = left.pct === null ? "its way back to 0" : `${left.pct}%`;
  const file = join(stateDir, `${name}.json`);
  const why = `the config has no environment ${name} any more, and its rollout was left at ${at} in ${left.store}${ELSEWHERE[now]}; name it again, or roll back and then move ${file} away`;
  // Of another store than a file, what is kept has no credentials.
  const toType = left.store.startsWith("file:") ? left.store : "<that store>";
  return [{ name, why, store: left.store, rollback: `--store ${toType}`, isFinal: true }];
}

/** Two rollouts of one store would each take the other's writes for an operator's. */
async function refuseTwice(
  names: readonly string[],
  loaded: LoadedConfig,
  variables: Variables,
): Promise<Refused[]> {
  const identities = await Promise.all(
    names.map(async (name) => identityOf(name, loaded, variables)),
  );
  return names.flatMap((name, i) => {
    const own = identities[i] ?? null;
    const others = names.filter((_, j) => j !== i && own !== null && identities[j] === own);
    if (others.length === 0) return [];
    const why = `its store is that of ${others.join(", ")} too: give each environment a store of its own, or take \`evidence\` out of all but one`;
    return [{ name, why, store: shownStore(name, loaded, variables), isFinal: true }];
  });
}

async function identityOf(
  name: string,
  loaded: LoadedConfig,
  variables: Variables,
): Promise<string | null> {
  try {
    return await storeIdentity(storeUrlOf(name, loaded, variables));
  } catch {
    // What is wrong with it is said where it is opened.
    return null;
  }
}

function storeUrlOf(name: string, loaded: LoadedConfig, variables: Variables): string {
  return targetOf({ env: name }, { ...variables, EDGEZERO_STORE: undefined }, "", loaded).storeUrl;
}

/** The store of an environment, without credentials; `null` where the config does not name one. */
export function shownStore(
  name: string,
  loaded: LoadedConfig,
  variables: Variables,
): string | null {
  try {
    const url = storeUrlOf(name, loaded, variables);
    return redact(url, [...secretsIn(variables), ...passwordsOf(url)]);
  } catch {
    return null;
  }
}

/** Why an environment could not be opened: without its name, which is shown beside it. */
export function refusedBy(
  error: unknown,
  name: string,
  loaded: LoadedConfig,
  variables: Variables,
): Refused {
  const store = shownStore(name, loaded, variables);
  const text = messageOf(error);
  const why = (text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text).replace(
    /\.$/,
    "",
  );
  const elsewhere = error instanceof LedElsewhereError ? error : undefined;
  return { name, why: redact(why, secretsIn(variables)), store, elsewhere };
}
