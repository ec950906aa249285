import { apiSection } from "./api.ts";
import { bucketPictureSection } from "./bucket-picture.ts";
import { commandsSection, exitCodesSection, planSection } from "./cli.ts";
import { decisionCostSection, importCostSection, proxyCostSection } from "./costs.ts";
import { diagramSection } from "./diagram.ts";
import { evennessSection } from "./evenness.ts";
import { failSafeSection, reasonsSection } from "./fail-safe.ts";
import { importsSection } from "./imports.ts";
import { intervalPictureSection } from "./interval-picture.ts";
import { decisionLinesSection, gatewayLinesSection } from "./log-lines.ts";
import { landingFiguresSection } from "./landing-figures.ts";
import { metricsSection } from "./metrics.ts";
import { propagationSection } from "./propagation.ts";
import { SETTINGS_SECTIONS } from "./settings.ts";
import { untrustedHeadersSection } from "./untrusted-headers.ts";
import { zeroPictureSection } from "./zero-picture.ts";

/** The generated sections of pages, by name: each gives Markdown, made from the code. */
export const SECTIONS: Readonly<Record<string, () => string | Promise<string>>> = {
  api: apiSection,
  "bucket-picture": bucketPictureSection,
  commands: commandsSection,
  "cost-of-decisions": decisionCostSection,
  "cost-of-imports": importCostSection,
  "cost-of-proxies": proxyCostSection,
  "decision-lines": decisionLinesSection,
  diagram: diagramSection,
  evenness: evennessSection,
  "exit-codes": exitCodesSection,
  "fail-safe": failSafeSection,
  "gateway-lines": gatewayLinesSection,
  imports: importsSection,
  "interval-picture": intervalPictureSection,
  "landing-figures": landingFiguresSection,
  metrics: metricsSection,
  plan: planSection,
  propagation: propagationSection,
  reasons: reasonsSection,
  "untrusted-headers": untrustedHeadersSection,
  "zero-picture": zeroPictureSection,
  ...SETTINGS_SECTIONS,
};
