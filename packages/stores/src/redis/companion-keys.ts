/**
 * The name of a key beside the rollout's own, such as `{trusted_server_config}:lock`. A server that
 * spreads keys over slots puts both into one, so that one script may use them together. That holds for
 * every key but one with a closing brace and no part in braces, for which there is no such name.
 *
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
export function companionKey(key: string, name: string): string {
  const hasTag = /^[^{]*\{[^}]+\}/s.test(key);
  return hasTag || key.includes("}") ? `${key}:${name}` : `{${key}}:${name}`;
}

/** The key of the lock of changes. */
export function lockKey(key: string): string {
  return companionKey(key, "lock");
}

/** The key of the mark that a rollback leaves. */
export function markKey(key: string): string {
  return companionKey(key, "rollback");
}

/** The key of the leader's lease. */
export function leaderKey(key: string): string {
  return companionKey(key, "leader");
}

/** The key of what the leader saves under a name. */
export function recordKey(key: string, name: string): string {
  return companionKey(key, `controller-${name}`);
}

/** The keys of a journal: its lines, the head beside them, and what is before the first line. */
export function journalKeys(key: string): { lines: string; head: string; base: string } {
  const lines = companionKey(key, "journal");
  return { lines, head: `${lines}:head`, base: `${lines}:base` };
}
