import { readdirSync, readFileSync } from "node:fs";
import type { DefaultTheme, UserConfig } from "vitepress";
import { defineConfig } from "vitepress";
import { GATEWAYS } from "../scripts/gateways.ts";
import { linksFromTheRepository } from "./repository-links.ts";
import { labelsOfTables } from "./table-labels.ts";

const DECISIONS = new URL("../decisions/", import.meta.url);

const MANIFEST = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { readonly repository: { readonly url: string } };
const REPOSITORY_PAGE = MANIFEST.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
// A link to the placeholder would lead nowhere.
const isRepositoryKnown = !REPOSITORY_PAGE.includes("/OWNER/");

const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: "EdgeZero Rollout",
  description: "Move live traffic from an old request handler to a new one, at the edge.",
  cleanUrls: true,
  lastUpdated: false,
  head: [["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }]],
  srcExclude: ["node_modules/**", ".scratch/**"],
  markdown: {
    config: (markdown) => {
      linksFromTheRepository(markdown);
      labelsOfTables(markdown);
    },
    languageAlias: { promql: "sh" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start/node" },
      { text: "Use", link: "/use/core" },
      { text: "Operate", link: "/runbook" },
      { text: "Understand", link: "/how/architecture" },
      { text: "Reference", link: "/reference/fail-safe" },
      { text: "Compared", link: "/compared" },
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "On Node", link: "/start/node" },
          { text: "On workerd", link: "/start/workerd" },
          { text: "On Fastly, locally", link: "/start/fastly" },
          { text: "On nginx", link: "/start/nginx" },
          { text: "In an Express app", link: "/start/express" },
          { text: "In a Next.js app", link: "/start/nextjs" },
          { text: "Two gateways and Redis", link: "/start/redis" },
          { text: "Let it run by itself", link: "/start/by-itself" },
        ],
      },
      {
        text: "Use",
        items: [
          { text: "In your own handler", link: "/use/core" },
          { text: "Your own config store", link: "/use/config-store" },
          { text: "In front of two origins", link: "/use/gateway" },
          ...Object.entries(GATEWAYS).map(([app, name]) => ({
            text: `Gateway: ${name}`,
            link: `/packages/${app}`,
          })),
          { text: "Controller", link: "/packages/controller" },
          { text: "Stickiness", link: "/use/stickiness" },
          { text: "Restarts and upgrades", link: "/use/restarts" },
          { text: "Containers", link: "/use/containers" },
          { text: "systemd", link: "/use/systemd" },
          { text: "Kubernetes", link: "/use/kubernetes" },
          { text: "From a repository", link: "/use/gitops" },
        ],
      },
      {
        text: "Operate",
        items: [
          { text: "Runbook", link: "/runbook" },
          { text: "Install the command", link: "/packages/cli" },
          { text: "Commands", link: "/operate/commands" },
          { text: "Stores of the command", link: "/operate/stores" },
          { text: "The plan's gates", link: "/operate/plan-gates" },
          { text: "How a rollback is proven", link: "/operate/rollback" },
          { text: "Probes", link: "/operate/probes" },
          { text: "Commands with a controller", link: "/operate/controller" },
          { text: "Audit trail", link: "/operate/audit-trail" },
          { text: "Alerts and dashboard", link: "/packages/ops" },
        ],
      },
      {
        text: "Understand",
        items: [
          { text: "Architecture", link: "/how/architecture" },
          { text: "Buckets", link: "/how/buckets" },
          { text: "Verdicts, in pictures", link: "/how/verdicts" },
          { text: "Failing safe", link: "/how/failing-safe" },
          { text: "No data", link: "/how/no-data" },
          { text: "Security model", link: "/how/security" },
          { text: "Glossary", link: "/how/words" },
          { text: "Decisions", collapsed: true, items: decisions() },
        ],
      },
      {
        text: "Reference",
        items: [
          { text: "Fail-safe table, reasons", link: "/reference/fail-safe" },
          { text: "API", link: "/reference/api" },
          { text: "The core", link: "/packages/rollout" },
          { text: "Command line", link: "/reference/cli" },
          { text: "JSON of the command", link: "/reference/json" },
          { text: "Exit codes", link: "/reference/exit-codes" },
          { text: "Settings", link: "/reference/settings" },
          { text: "Events", link: "/events" },
          { text: "Metrics", link: "/reference/metrics" },
          { text: "Log lines", link: "/reference/log-lines" },
          { text: "Stability", link: "/reference/stability" },
        ],
      },
      { text: "Compared", items: [{ text: "Other tools", link: "/compared" }] },
    ],
    socialLinks: isRepositoryKnown ? [{ icon: "github", link: REPOSITORY_PAGE }] : [],
    footer: { message: "EdgeZero Rollout. Licence: Apache-2.0" },
  },
});

function decisions(): DefaultTheme.SidebarItem[] {
  const files = readdirSync(DECISIONS).filter((name) => /^\d{3}-.+\.md$/.test(name));
  return files.toSorted().map((name) => {
    const [, title = name] = /^# (.+)$/m.exec(readFileSync(new URL(name, DECISIONS), "utf8")) ?? [];
    return { text: title, link: `/decisions/${name.replace(/\.md$/, "")}` };
  });
}

// oxlint-disable-next-line import/no-default-export -- VitePress asks for it.
export default config;
