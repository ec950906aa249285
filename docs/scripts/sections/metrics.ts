import { code, table } from "../markdown.ts";
import { startConfiguredGateway } from "../node-gateway.ts";

/** The metrics of a gateway, read from the page of one that has served a request. */
export async function metricsSection(): Promise<string> {
  const gateway = await startConfiguredGateway({ edgezero_enabled: "true" }, { WORKERS: "2" });
  try {
    // The absent percentage sends it to legacy, so that every counter has a value.
    await fetch(gateway.url);
    const page = await (await fetch(gateway.metrics)).text();
    const described = [...page.matchAll(/^# HELP (\w+) (.+)\n# TYPE \w+ (\w+)$/gm)];
    if (described.length === 0) throw new Error("the metrics page describes nothing");
    return table(
      ["metric", "type", "labels", "what it says"],
      described.map(([, name = "", help = "", type = ""]) => [
        code(name),
        type,
        labelsOf(name, page).map(code).join(", "),
        help,
      ]),
    );
  } finally {
    await gateway.stop();
  }
}

function labelsOf(metric: string, page: string): string[] {
  const samples = page.matchAll(new RegExp(`^${metric}(?:_bucket)?\\{(.*)\\} `, "gm"));
  const names = [...samples].flatMap(([, labels = ""]) =>
    [...labels.matchAll(/(\w+)="/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].filter((name) => name !== "le");
}
