/**
 * When a promotion that is refused becomes possible. The controller answers with it, and the page shows it beside
 * the button. `waitsFor`: what the rollout waits for first, without a full stop. Pure.
 */
export function promoteCondition(waitsFor: string): string {
  return `Promote is possible once only the stage's time is left; the rollout waits for ${waitsFor}.`;
}
