import { openScrape } from "@edgezero/evidence/scrape";
import { startBreakableServer } from "@edgezero/testbed/breakable-server";
import type { AskingFixture, GatewayTotals } from "@edgezero/testbed/contracts/evidence-source";
import {
  describeAskingSource,
  describeEvidenceSource,
  EVIDENCE_OPTIONS,
} from "@edgezero/testbed/contracts/evidence-source";
import { describe } from "vitest";
import { openSite } from "../src/http/site.ts";
import { pageText } from "./page-text.ts";

const TYPE = "text/plain; version=0.0.4; charset=utf-8";
const OPTIONS = { ...EVIDENCE_OPTIONS, env: {} };

/** One server has the pages of all gateways, which are told apart by the path. */
async function openFixture(): Promise<AskingFixture> {
  let known: Readonly<Record<string, GatewayTotals>> = {};
  const server = await startBreakableServer(TYPE, ({ url = "/" }) => {
    const totals = known[url.slice(1)];
    return totals === undefined ? "" : pageText(totals);
  });
  const targets = async (): Promise<{ name: string; url: string; headers: {} }[]> =>
    Object.keys(known).map((name) => ({ name, url: `${server.url}/${name}`, headers: {} }));
  const site = openSite({ url: server.url }, {});
  const source = openScrape(site, targets, server.url, OPTIONS);
  return {
    source,
    publish: async (_, gateways) => void (known = gateways),
    shiftClock: (ms) => server.shiftClock(ms),
    breakDown: (how) => server.breakDown(how),
    async close() {
      await source.close();
      await server.close();
    },
  };
}

describe("scrape", () => {
  describeEvidenceSource(openFixture);
  describeAskingSource(async () => {
    const fixture = await openFixture();
    await fixture.publish(0, {
      a: {
        epoch: "0",
        legacy: { ok: 0, error: 0, timeout: 0 },
        edgezero: { ok: 0, error: 0, timeout: 0 },
      },
    });
    return fixture;
  });
});
