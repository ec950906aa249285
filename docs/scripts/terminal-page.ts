const ESCAPE = "\u001b[";

/** The escapes that `edgezero-rollout` writes, and how a terminal shows them. */
const STYLES: Readonly<Record<string, string>> = {
  1: "font-weight:bold",
  2: "color:#9198a1",
  31: "color:#ff7b72",
  32: "color:#56d364",
  33: "color:#e3b341",
};

/** A page that shows a terminal's text, for a screenshot. */
export function terminalPage(text: string): string {
  const html = text
    .trimEnd()
    .split(ESCAPE)
    .map((part, i) => {
      if (i === 0) return escaped(part);
      const [, code = "", rest = ""] = /^(\d+)m([^]*)$/.exec(part) ?? [];
      const style = STYLES[code];
      // Every other escape ends a style.
      return (style === undefined ? "</span>" : `<span style="${style}">`) + escaped(rest);
    })
    .join("");
  return `<meta charset="utf-8"><style>
    body { margin: 0; background: transparent }
    pre { display: inline-block; max-width: 900px; margin: 0; padding: 18px 22px; border-radius: 8px;
          background: #0d1117; color: #e6edf3; font: 14px/1.5 "DejaVu Sans Mono", monospace;
          white-space: pre-wrap }
  </style><pre>${html}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
