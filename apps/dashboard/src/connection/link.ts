/** How the page stands to the controller: exactly one of these. */
export type Link =
  /** The first answer is awaited. */
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** Nothing new comes. It tries again by itself. `since`: when the last thing came. */
  | { readonly kind: "lost"; readonly since: number; readonly why: string }
  /** The controller asks for a token, or for another one. */
  | { readonly kind: "denied"; readonly why: string }
  /** The controller has no such environment. */
  | { readonly kind: "unknown"; readonly why: string };
