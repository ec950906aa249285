import { DECISION_HEADER } from "@edgezero/rollout/attribution";
import { sumOf } from "./prove.ts";
import type { GatewayProof } from "./watch-gateway.ts";

/** The evidence in words. */
const EVIDENCE = {
  probe: "signed probes",
  detail: DECISION_HEADER,
  none: "the path alone",
} as const;

/** By what a gateway was judged, such as `(signed probes, epoch 1f)`. */
export function evidenceText({ judgedBy, epoch }: GatewayProof): string {
  return `(${EVIDENCE[judgedBy]}, epoch ${epoch ?? "not named"})`;
}

/** The facts of one gateway as every JSON document has them. */
export function gatewayDocument(gateway: GatewayProof): Record<string, unknown> {
  // Whether more probes could have changed it matters only while it is watched.
  return { ...gateway, isOver: undefined, openByInstance: undefined };
}

/** What was seen of a gateway, in lines. */
export function seenLines({
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

/** That connections are still open at EdgeZero, in at most one line. */
export function openLines({ open }: GatewayProof): string[] {
  if (open === null || open === 0) return [];
  return [
    open === 1
      ? "1 connection is still open at EdgeZero"
      : `${open} connections are still open at EdgeZero`,
  ];
}

/** How many connections are open at EdgeZero behind all gateways; `null` where none tells. */
export function openIn(gateways: readonly GatewayProof[]): number | null {
  return sumOf(Object.assign({}, ...gateways.map(({ openByInstance }) => openByInstance)));
}
