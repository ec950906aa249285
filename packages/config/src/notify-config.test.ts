import { expect, test } from "vitest";
import { configSchema } from "./config-schema.ts";

const PAGER = { name: "pager", url: "https://pager.example/hook", secretEnv: "PAGER_SECRET" };
const SLACK = { name: "slack", urlEnv: "SLACK_URL", format: "slack" };

function findingsOf(notify: unknown): string[] {
  const read = configSchema.safeParse({ environments: { a: { store: "file:./a.json", notify } } });
  return (read.error?.issues ?? []).map(({ path, message }) => {
    return `${path.slice(2).join(".")}: ${message}`;
  });
}

test.each([
  { name: "a signed receiver", notify: [PAGER] },
  { name: "one with its URL in a variable", notify: [SLACK] },
  {
    name: "http in a private network",
    notify: [{ ...PAGER, url: "http://10.0.0.7/", allowPrivate: true }],
  },
])("takes $name", ({ notify }) => {
  expect(findingsOf(notify)).toEqual([]);
});

test.each([
  {
    name: "no URL",
    notify: [{ ...PAGER, url: undefined }],
    says: "notify.0.url: either url or urlEnv",
  },
  { name: "two URLs", notify: [{ ...PAGER, urlEnv: "A" }], says: "notify.0.url: either url" },
  {
    name: "http",
    notify: [{ ...PAGER, url: "http://pager.example/" }],
    says: "notify.0.url: an https URL",
  },
  {
    name: "a password in the URL",
    notify: [{ ...PAGER, url: "https://a:b@pager.example/" }],
    says: "notify.0.url: an https URL",
  },
  {
    name: "no secret to sign by",
    notify: [{ ...PAGER, secretEnv: undefined }],
    says: "notify.0.secretEnv: needed",
  },
  {
    name: "a secret for Slack",
    notify: [{ ...SLACK, secretEnv: "A" }],
    says: "notify.0.secretEnv: not with slack",
  },
  { name: "one name twice", notify: [PAGER, PAGER], says: "notify: receivers with names" },
  { name: "no receiver", notify: [], says: "notify: " },
  { name: "a secret instead of its name", notify: [{ ...PAGER, secretEnv: "whsec_a=" }], says: "" },
])("refuses $name", ({ notify, says }) => {
  const findings = findingsOf(notify);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toContain(says);
});
