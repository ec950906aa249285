import type { GatewayProof } from "@edgezero/operations/proof/watch-gateway";
import type { Paint } from "../output/paint.ts";

/** The evidence in words. */
const EVIDENCE = {
  probe: "signed probes",
  detail: "x-edgezero-decision",
  none: "the path alone",
} as const;

/** The facts of one gateway as every JSON document has them. */
export function gatewayDocument(gateway: GatewayProof): Record<string, unknown> {
  // Whether more probes could have changed it matters only while it is watched.
  return { ...gateway, isOver: undefined };
}

/**
 * One gateway in lines: the verdict, each reason with what to do, and what was seen.
 *
 * @param proven What it does where it is proven, such as `serves legacy`.
 */
export function gatewayLines(gateway: GatewayProof, proven: string, paint: Paint): string[] {
  const { url, isProven, findings, judgedBy, epoch } = gateway;
  const by = `(${EVIDENCE[judgedBy]}, epoch ${epoch ?? "not named"})`;
  const verdict = isProven ? paint.good(`${proven} ${by}`) : paint.bad("NOT proven");
  return [
    `${paint.strong(url)}: ${verdict}`,
    ...findings.flatMap(({ message, todo }) => [`  ${message}`, `  → ${todo}`]),
    ...seenLines(gateway).map((line) => `  ${line}`),
    ...openLines(gateway).map((line) => `  ${paint.warn(line)}`),
  ];
}

function seenLines({
  probes,
  edgezero,
  legacy,
  failed,
  fault,
  instances,
  places,
}: GatewayProof): string[] {
  const why = failed === 0 ? "" : ` (${fault})`;
  const lines = [
    `${probes} probes: ${edgezero} from EdgeZero, ${legacy} from legacy, ${failed} failed${why}`,
  ];
  if (instances !== null && instances > 0) {
    lines.push(`${instances} ${instances === 1 ? "instance" : "instances"} answered`);
  }
  if (places.length > 0)
    lines.push(`places that answered: ${places.join(", ")}; others are unseen`);
  return lines;
}

function openLines({ open }: GatewayProof): string[] {
  if (open === null || open === 0) return [];
  return [
    open === 1
      ? "1 connection is still open at EdgeZero"
      : `${open} connections are still open at EdgeZero`,
  ];
}

/** How many connections are open at EdgeZero behind all gateways; `null` where none tells. */
export function openIn(gateways: readonly GatewayProof[]): number | null {
  const told = gateways.flatMap(({ open }) => open ?? []);
  return told.length === 0 ? null : told.reduce((sum, each) => sum + each, 0);
}
