import type { GatewayTotals, PathTotals } from "@edgezero/testbed/contracts/evidence-source";

/** The metrics page of a gateway, as far as sources read it. */
export function pageText({ epoch, legacy, edgezero }: GatewayTotals): string {
  return (
    requests("legacy", legacy) +
    requests("edgezero", edgezero) +
    `edgezero_config_epoch ${Number.parseInt(epoch, 16)}\n`
  );
}

function requests(path: string, totals: PathTotals): string {
  return Object.entries(totals)
    .map(
      ([outcome, count]) =>
        `edgezero_requests_total{path="${path}",reason="bucket",status_class="2xx",outcome="${outcome}",excluded="no"} ${count}\n`,
    )
    .join("");
}
