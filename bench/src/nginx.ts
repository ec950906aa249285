// The gateway on nginx: its CPU time beside that of split_clients, how soon it obeys, and its memory.
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { missingTools, toolVersions } from "./load/tools.ts";
import { measureNginx } from "./nginx/measure.ts";
import { nginxTable } from "./report/nginx-table.ts";
import { writeResult } from "./report/results.ts";

const missing = nginxMissing ?? missingTools("nginx", "wrk");
if (missing === null) {
  const data = await measureNginx({
    pairs: { instances: 3, rounds: 12, seconds: 1 },
    writes: 100,
    connections: 8000,
  });
  console.log(nginxTable(data));
  writeResult("nginx", toolVersions("nginx", "wrk"), data);
} else {
  console.log(`Skipped: ${missing}`);
}
