import { readdirSync, readFileSync } from "node:fs";
import type { DefaultTheme, UserConfig } from "vitepress";
import { defineConfig } from "vitepress";
import { GATEWAYS } from "../scripts/gateways.ts";
import { linksFromTheRepository } from "./repository-links.ts";

const DECISIONS = new URL("../decisions/", import.meta.url);

const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: "EdgeZero Rollout",
  description: "Move live traffic from an old request handler to a new one, at the edge.",
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ["node_modules/**", ".scratch/**"],
  markdown: { config: linksFromTheRepository, languageAlias: { promql: "sh" } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start/node" },
      { text: "Use it", link: "/use/core" },
      { text: "Runbook", link: "/runbook" },
      { text: "Reference", link: "/reference/fail-safe" },
      { text: "How it works", link: "/how/architecture" },
      { text: "Alternatives", link: "/compared" },
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "On Node", link: "/start/node" },
          { text: "On workerd", link: "/start/workerd" },
          { text: "On Fastly, locally", link: "/start/fastly" },
        ],
      },
      {
        text: "Use it",
        items: [
          { text: "In your own handler", link: "/use/core" },
          { text: "In front of two origins", link: "/use/gateway" },
          { text: "Your own config store", link: "/use/config-store" },
          { text: "Stickiness", link: "/use/stickiness" },
        ],
      },
      { text: "Runbook", items: [{ text: "The runbook", link: "/runbook" }] },
      {
        text: "Reference",
        items: [
          { text: "Fail-safe table, reasons", link: "/reference/fail-safe" },
          { text: "API", link: "/reference/api" },
          { text: "Command line", link: "/reference/cli" },
          { text: "Settings", link: "/reference/settings" },
          { text: "Events", link: "/events" },
          { text: "Metrics", link: "/reference/metrics" },
          { text: "Log lines", link: "/reference/log-lines" },
          { text: "Exit codes", link: "/reference/exit-codes" },
        ],
      },
      {
        text: "Packages",
        collapsed: true,
        items: [
          { text: "The core", link: "/packages/rollout" },
          { text: "The command line", link: "/packages/cli" },
          ...Object.entries(GATEWAYS).map(([app, name]) => ({
            text: `Gateway: ${name}`,
            link: `/packages/${app}`,
          })),
          { text: "Watching a rollout", link: "/packages/ops" },
        ],
      },
      {
        text: "How it works",
        items: [
          { text: "Architecture", link: "/how/architecture" },
          { text: "Buckets", link: "/how/buckets" },
          { text: "Failing safe", link: "/how/failing-safe" },
          { text: "Security model", link: "/how/security" },
          { text: "Words", link: "/how/words" },
          { text: "Decisions", collapsed: true, items: decisions() },
        ],
      },
      { text: "Alternatives", items: [{ text: "Other tools", link: "/compared" }] },
    ],
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
