/** Whether something of the controller's own has thrown lately. */
export interface Health {
  fault(): void;
  /** A tick begins: what was before the last one is forgotten. */
  tick(): void;
  /** Nothing threw in this tick and in the one before. */
  isWell(): boolean;
}

export function createHealth(): Health {
  let now = false;
  let before = false;
  return {
    fault: () => void (now = true),
    tick() {
      before = now;
      now = false;
    },
    isWell: () => !now && !before,
  };
}
