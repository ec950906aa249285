// The HTTP side of Analytics Engine's SQL API, as it is published:
// https://developers.cloudflare.com/analytics/analytics-engine/sql-api/
import type { AnalyticsEngine } from "./analytics-engine.ts";
import { openAnalyticsEngine } from "./analytics-engine.ts";
import type { ApiAnswer, ApiRequest, FakeApi } from "./fake-api.ts";
import { startFakeApi, Violation } from "./fake-api.ts";

const PATH = /^\/accounts\/([0-9a-f]{32})\/analytics_engine\/sql$/;

/** A fake of the API, with the datasets of one account. */
export interface FakeAnalyticsEngine extends FakeApi, Pick<AnalyticsEngine, "write"> {
  /** The permission of each token. */
  readonly tokens: Map<string, "Account Analytics Read" | "Workers KV Storage Read">;
}

export async function startFakeAnalyticsEngine(account: string): Promise<FakeAnalyticsEngine> {
  const engine = openAnalyticsEngine();
  const tokens: FakeAnalyticsEngine["tokens"] = new Map();

  function handle({ method, path, headers, body }: ApiRequest): ApiAnswer {
    const [, named] = PATH.exec(path) ?? [];
    if (named === undefined) throw new Violation("there is no such path");
    if (method !== "POST") throw new Violation("the query is not in the body of a POST");
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    const permission = tokens.get(token);
    if (permission === undefined) return failure(401);
    if (permission !== "Account Analytics Read" || named !== account) return failure(403);
    try {
      return { status: 200, body: JSON.parse(engine.query(body.toString())) as unknown };
    } catch (fault) {
      const message = fault instanceof Error ? fault.message : String(fault);
      return { status: 400, body: { success: false, errors: [{ message }] } };
    }
  }

  const api = await startFakeApi(handle);
  return {
    ...api,
    tokens,
    write: (dataset, points) => engine.write(dataset, points),
    async close() {
      await api.close();
      engine.close();
    },
  };
}

// https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/
function failure(status: 401 | 403): ApiAnswer {
  const errors = [{ code: 10000, message: "Authentication error" }];
  return { status, body: { success: false, errors, messages: [], result: null } };
}
