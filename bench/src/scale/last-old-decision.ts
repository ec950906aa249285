import { Agent, get } from "node:http";

/** How long after a write answers are looked at, in milliseconds. */
const WATCHED_MS = 300;

/**
 * Asks gateways again and again, one request at a time each, while a percentage is written that
 * sends all clients to the other path. Gives the milliseconds from the start of the write to the
 * arrival of the last answer of the old path, from whichever gateway; 0 where none came.
 *
 * @param write Writes 0 or 100; resolves once the store has it.
 * @param most How long the old path may answer, in milliseconds.
 */
export async function timeToLastOldDecision(
  urls: readonly string[],
  write: (percentage: 0 | 100) => void | Promise<void>,
  most: number = 20_000,
): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  try {
    await write(0);
    await untilAll(urls, agent, "legacy", most);
    let writtenAt = Infinity;
    const watch = async (url: string): Promise<number> => {
      let lastOld = 0;
      while (performance.now() - Math.max(lastOld, writtenAt) < WATCHED_MS) {
        if ((await pathOf(url, agent)) === "legacy") lastOld = performance.now();
        if (lastOld - writtenAt > most) throw new Error(`${url} does not follow the config`);
      }
      return lastOld;
    };
    const watched = Promise.all(urls.map(async (url) => watch(url)));
    // So that connections are open, and requests on their way.
    await untilAll(urls, agent, "legacy", most);
    const startedAt = performance.now();
    await write(100);
    writtenAt = performance.now();
    return Math.max(0, Math.max(...(await watched)) - startedAt);
  } finally {
    agent.destroy();
  }
}

async function untilAll(
  urls: readonly string[],
  agent: Agent,
  path: string,
  most: number,
): Promise<void> {
  const startedAt = performance.now();
  for (const url of urls) {
    while ((await pathOf(url, agent)) !== path) {
      if (performance.now() - startedAt > most) throw new Error(`${url} does not go to ${path}`);
    }
  }
}

async function pathOf(url: string, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.headers["x-edgezero-path"]?.toString()));
    });
    request.once("error", reject);
  });
}
