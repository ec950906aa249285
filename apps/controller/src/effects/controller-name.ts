/**
 * The name of an environment's controller in trail, lock and mark, without its host: another machine may
 * have led before, under another host's name.
 */
export function withoutHost(who: string): string {
  return who.replace(/@[^@]*$/, "");
}
