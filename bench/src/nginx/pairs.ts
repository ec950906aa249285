import { MEASURED_CORE, OTHER_CORE } from "../load/pinned.ts";
import { startNginxRollout } from "../proxies/nginx-gateway.ts";
import { startNginx } from "../proxies/nginx.ts";
import { startUpstream } from "../proxies/upstream.ts";
import { median } from "../statistics.ts";
import { measureRound } from "../throughput.ts";

/** The CPU time of the gateway on nginx beside that of nginx with `split_clients`. */
export interface NginxPairs {
  /** Microseconds for one request, medians. */
  readonly gatewayMicroseconds: number;
  readonly splitMicroseconds: number;
  /** Of each pair of rounds: what `split_clients` takes of what the gateway takes. */
  readonly ratios: readonly number[];
  readonly ratio: number;
}

/** How much is measured. */
export interface PairScale {
  /** How often both are started. */
  readonly instances: number;
  readonly rounds: number;
  readonly seconds: number;
}

/**
 * Loads both in turn, in short rounds that begin with the one and the other alternately, in front of the same
 * origins: one worker each, the path header and the metrics on, 10,000 clients from a trusted
 * X-Forwarded-For. On a machine that is busy, requests per second would say little.
 */
export async function measureNginxPairs({
  instances,
  rounds,
  seconds,
}: PairScale): Promise<NginxPairs> {
  const options = { manyClients: true, core: OTHER_CORE };
  const upstream = await startUpstream(OTHER_CORE);
  const split: number[] = [];
  const gateway: number[] = [];
  try {
    for (let instance = 0; instance < instances; instance++) {
      const servers = [
        { server: await startNginx(upstream, MEASURED_CORE), times: split },
        { server: await startNginxRollout(upstream, MEASURED_CORE), times: gateway },
      ];
      try {
        for (const { server } of servers) await measureRound(server, seconds, options);
        for (let round = 0; round < rounds; round++) {
          for (const { server, times } of round % 2 === 0 ? servers : servers.toReversed()) {
            times.push((await measureRound(server, seconds, options)).cpuMicroseconds);
          }
        }
      } finally {
        for (const { server } of servers) await server.stop();
      }
    }
  } finally {
    await upstream.stop();
  }
  const ratios = split.map((each, i) => each / (gateway[i] ?? Number.NaN));
  return {
    gatewayMicroseconds: median(gateway),
    splitMicroseconds: median(split),
    ratios,
    ratio: median(ratios),
  };
}
