import { messageOf } from "@edgezero/faults/faults";
import type { Holder } from "@edgezero/stores/coordination";
import type { Lease } from "@edgezero/stores/lease";

/** Who leads, as it was last asked. */
export type LeaderLook =
  | { readonly kind: "led"; readonly holder: Holder }
  | { readonly kind: "free" }
  /** Nobody can tell. `why` may hold secrets. */
  | { readonly kind: "unknown"; readonly why: string };

/** Thrown where an environment is not opened since another process leads it, or nobody can tell who does. */
export class LedElsewhereError extends Error {
  override readonly name: string = "LedElsewhereError";
  readonly lease: Lease;
  readonly look: LeaderLook;
  /** Whether the lease ends by itself where its holder does not renew it. */
  readonly isShared: boolean;

  constructor(message: string, lease: Lease, look: LeaderLook, isShared: boolean) {
    super(message);
    this.lease = lease;
    this.look = look;
    this.isShared = isShared;
  }
}

/** Asks who leads. Never rejects. */
export async function lookAtLeader(lease: Pick<Lease, "holder">): Promise<LeaderLook> {
  try {
    const holder = await lease.holder();
    return holder === null ? { kind: "free" } : { kind: "led", holder };
  } catch (error) {
    return { kind: "unknown", why: messageOf(error) };
  }
}
