/**
 * Remembers the answers of a pure function whose work costs more than a look. All are forgotten where
 * `most` are remembered: usual keys are few, and those of an attacker cost bounded memory.
 */
export function remembered<Key, Answer extends string | boolean>(
  answer: (key: Key) => Answer,
  most: number,
): (key: Key) => Answer {
  const known = new Map<Key, Answer>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      if (known.size >= most) known.clear();
      known.set(key, (found = answer(key)));
    }
    return found;
  };
}
