import { NO_HASH, sha256 } from "@edgezero/operations/journal/entry";

/** Edits of the trail's text, its last line above all. Each leaves the head as it was. */
export const TRAIL_EDITS: Readonly<Record<string, (trail: string) => string>> = {
  "cut lines": (trail) => trail.replace(/(?:.*\n){1,2}$/, ""),
  "age all": aged,
  "renumber all": (trail) => aged(trail).replaceAll('"seq":', '"seq":1'),
  "age last": (trail) => onLast(trail, aged),
  "renumber last": (trail) =>
    onLast(trail, (line) =>
      aged(line).replace(/"seq":(\d+)/, (_, seq: string) => `"seq":${Number(seq) + 1}`),
    ),
  "blank time": (trail) => onLast(trail, (line) => line.replace(/"at":"[^"]+"/, '"at":""')),
  "other store": (trail) => onLast(trail, (line) => line.replace(/"store":"/, '"store":"x')),
  "raise values": (trail) =>
    onLast(trail, (line) => line.replaceAll(/(_pct":")(\d+)/g, (_, key: string) => `${key}50`)),
  "no values": (trail) =>
    onLast(trail, (line) => line.replace(/"values":\{[^}]*\}/, '"values":null')),
  truncate: (trail) => trail.slice(0, -Math.min(trail.length, 40)),
  "no line feed": (trail) => trail.replace(/\n$/, ""),
  "blank lines": (trail) => `${trail}\n\n`,
  "bom at start": (trail) => `\uFEFF${trail}`,
  "bom in last": (trail) => onLast(trail, (line) => `\uFEFF${line}`),
  "crlf all": (trail) => trail.replaceAll("\n", "\r\n"),
  "crlf last": (trail) => trail.replace(/\n$/, "\r\n"),
  twice: (trail) => trail + trail.slice(trail.lastIndexOf("\n", trail.length - 2) + 1),
  empty: () => "",
  "forge hold": (trail) => trail + forgedHold(trail),
  "forge end": (trail) =>
    onLast(trail, aged) +
    [1, 2].reduce((added) => added + forgedHold(onLast(trail, aged) + added), ""),
  "forge all": (trail) => rechained(aged(trail) + forgedHold(trail)),
};

/** Lines that fit each other. */
function rechained(trail: string): string {
  let prev = NO_HASH;
  const lines = trail
    .trimEnd()
    .split("\n")
    .map((line) => {
      const fit = line.replace(/"prev":"[^"]*"/, `"prev":"${prev}"`);
      prev = sha256(fit);
      return fit;
    });
  return `${lines.join("\n")}\n`;
}

/** A note that fits the last line, and says that its percentage is held since long ago. */
function forgedHold(trail: string): string {
  const lines = trail.split("\n").filter((line) => line.includes('"values":{'));
  const line = trail.trimEnd().split("\n").at(-1) ?? "";
  const [seq, values] = [
    /"seq":(\d+)/.exec(line)?.[1],
    /"values":(\{[^}]*\})/.exec(lines.at(-1) ?? "")?.[1],
  ];
  if (seq === undefined || values === undefined) return "";
  const store = /"store":("[^"]*")/.exec(line)?.[1] ?? '""';
  return aged(
    `{"seq":${Number(seq) + 1},"at":"","kind":"note","note":"hold-begun","who":"ann","store":${store},"detail":"","values":${values},"torn":null,"prev":"${sha256(line)}"}\n`,
  );
}

function aged(text: string): string {
  return text.replaceAll(/"at":"[^"]*"/g, '"at":"2000-01-01T00:00:00.000Z"');
}

function onLast(trail: string, edit: (line: string) => string): string {
  const start = trail.lastIndexOf("\n", trail.length - 2) + 1;
  return trail.slice(0, start) + edit(trail.slice(start));
}
