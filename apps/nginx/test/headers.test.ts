import type { HostNames } from "@edgezero/gateway";
import {
  createSourceOf,
  translateRawHeaders,
  UNTRUSTED_BY_CLAIM,
  withoutForceCookie,
} from "@edgezero/gateway";
import { UNTRUSTED_HEADERS } from "@edgezero/settings";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lua, Question } from "./lua.ts";
import { startLua } from "./lua.ts";

const ORIGINS = ["http://legacy.internal:8080", "https://origin.example", "http://127.0.0.2:81"];
const CLIENTS = [
  { scheme: "https", host: "shop.example" },
  { scheme: "http", host: "shop.example:81" },
  { scheme: "http", host: "[::1]:80" },
  { scheme: "https", host: null },
] as const;
const SCHEMES = ["http:", "https:", "HTTP:", "", "ftp:", "javascript:"];
const FRONTS = ["//", "\\\\", "//user:pw@", "/", "///", "//x@y@"];
const HOSTS = [
  "legacy.internal:8080",
  "legacy.internal",
  "Legacy.INTERNAL.:8080",
  "%6cegacy.internal:8080",
  "legacy.internal:9",
  "legacy.internal.evil.example",
  "evil-legacy.internal",
  "legacy.internal:80",
  "origin.example",
  "origin.example:443",
  "origin.example:80",
  "127.0.0.2:81",
  "127.0.0.2",
  "",
];
const RESTS = ["", "/", "/a?b=%2F#c", "?q", "#f", "//evil.example/x", "/\\x", "/caf\u00e9 x"];
const DOMAINS = [
  "legacy.internal",
  ".legacy.internal",
  "LEGACY.internal",
  "internal",
  "origin.example",
  ".example",
  "example",
  "shop.example",
  "ads.example",
  "",
  "127.0.0.2",
  " origin.example ",
];
const COOKIES = [
  "a=1",
  "edgezero_force=x",
  "a=1; edgezero_force=x; b=2",
  "EdgeZero_Force=x; a=1",
  "a=edgezero",
  "%65dgezero_force=x;b=1",
  " edgezero_force =x; b",
  "a=1, edgezero_force=x; b=2",
  "a=%zz; b=%",
  "",
  "edgezero_forced=1; xedgezero_force=2",
  ";;edgezero_force=x;;",
  "a=1;edgezero_force",
  "a,b;c",
];
/** Headers that are in no list, or look like others. */
const OTHERS = `
    x-forwarded-for x-forwarded-anything x-original-url x_forwarded_for x-real_ip content_length
    transfer_encoding x_edgezero_force proxy x_custom x-custom accept x.real.ip x-tenant
    x_tenant authorization x-http-method-override host_
`;
const NAMES = [...Object.values(UNTRUSTED_BY_CLAIM).flat(), ...OTHERS.trim().split(/\s+/)].map(
  (name) => name.replace("*", "any"),
);
const LISTS = [
  "default",
  "none",
  "default,X-Tenant,-X-Original-URL",
  "X-Tenant*",
  "default,-x-real-ip",
];

let lua: Lua;

describeWithProgram(nginxMissing ?? null, "headers, beside the other gateways", () => {
  beforeAll(async () => {
    lua = await startLua();
  });
  afterAll(async () => lua.stop());

  const references = SCHEMES.flatMap((scheme) =>
    FRONTS.flatMap((front) =>
      HOSTS.flatMap((host) => RESTS.map((rest) => `${scheme}${front}${host}${rest}`)),
    ),
  );

  test.each<{ question: Question; name: string; values: readonly string[] }>([
    { question: "location", name: "location", values: references },
    {
      question: "refresh",
      name: "refresh",
      values: ["5; url=", "0,", "3;URL = '", '1; url="', "url=", ""].flatMap((start) => [
        `${start}http://legacy.internal:8080/x`,
        `${start}http://legacy.internal:8080/x"y'z`,
      ]),
    },
    {
      question: "link",
      name: "link",
      values: references.slice(0, 500).map((each) => `<${each}>; rel="next", </b>; rel=prev`),
    },
    {
      question: "cookie",
      name: "set-cookie",
      values: DOMAINS.flatMap((domain) => [
        `a=1; Domain=${domain}; HttpOnly`,
        `domain=x; Path=/; domain =${domain}`,
      ]),
    },
  ])("$name is turned to the client's host alike", async ({ question, name, values }) => {
    for (const origin of ORIGINS.map((each) => new URL(each))) {
      for (const client of CLIENTS) {
        const names: HostNames = { origin, client };
        const asked = values.map((value) =>
          [origin.protocol.slice(0, -1), origin.host, client.scheme, client.host ?? "", value].join(
            "|",
          ),
        );
        const answers = (await lua.ask(question, asked)).map(textOf);
        const expected = values.map((value) => {
          const raw = [name, value];
          translateRawHeaders(raw, () => names);
          return raw[1] ?? null;
        });
        const differing = values.flatMap((value, i) =>
          answers[i] === expected[i] ? [] : [{ value, lua: answers[i], core: expected[i] }],
        );
        expect(differing.slice(0, 20)).toEqual([]);
      }
    }
  });

  test("a tester's cookie is taken away in the same spellings", async () => {
    const answers = (await lua.ask("own", COOKIES)).map((answer) => textOf(answer) ?? "");
    expect(answers).toEqual(COOKIES.map(withoutForceCookie));
  });

  test.each(LISTS)("from whom an origin gets a header, by the list %s", async (list) => {
    const rule = UNTRUSTED_HEADERS.rule.parse(list);
    const sourceOf = createSourceOf(rule);
    const asked = NAMES.map((name) => `${list}|${name}`);
    expect(await lua.ask("source", asked)).toEqual(NAMES.map(sourceOf));
  });
});

function textOf(answer: unknown): string | null {
  return typeof answer === "string" ? Buffer.from(answer, "hex").toString() : null;
}
