/**
 * Says that a program needs a newer Node than it runs on; `null` where it does not. A program asks before
 * it loads its other files: an older Node would end somewhere in the middle of them, and not say why.
 *
 * @param program The subject of the sentence, such as `The gateway`.
 * @param engines The range of `engines` in its `package.json`, always of the form `>=26.5`.
 * @param running The version that runs, such as `24.1.0`.
 */
export function oldNodeText(program: string, engines: string, running: string): string | null {
  const needed = engines.replace(">=", "");
  const [major = 0, minor = 0] = needed.split(".").map(Number);
  const [hasMajor = 0, hasMinor = 0] = running.split(".").map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return null;
  return `${program} needs Node ${needed} or newer, and this is ${running}.`;
}
