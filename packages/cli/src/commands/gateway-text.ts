import { evidenceText, openLines, seenLines } from "@edgezero/operations/proof/gateway-text";
import type { GatewayProof } from "@edgezero/operations/proof/watch-gateway";
import type { Paint } from "../output/paint.ts";

/**
 * One gateway in lines: the verdict, each reason with what to do, and what was seen.
 *
 * @param proven What it does where it is proven, such as `serves legacy`.
 */
export function gatewayLines(gateway: GatewayProof, proven: string, paint: Paint): string[] {
  const { url, isProven, findings } = gateway;
  const by = evidenceText(gateway);
  const verdict = isProven ? paint.good(`${proven} ${by}`) : paint.bad("NOT proven");
  return [
    `${paint.strong(url)}: ${verdict}`,
    ...findings.flatMap(({ message, todo }) => [`  ${message}`, `  → ${todo}`]),
    ...seenLines(gateway).map((line) => `  ${line}`),
    ...openLines(gateway).map((line) => `  ${paint.warn(line)}`),
  ];
}
