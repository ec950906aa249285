/** How long a write takes to reach every gateway. */
export interface Propagation {
  /** In milliseconds; `null` where the platform states no time. */
  readonly ms: number | null;
  /** The same for people, as the end of a sentence. */
  readonly text: string;
}

/** Facts of one kind of store that need neither its code nor a vendor's SDK. */
export interface StoreKind {
  /** For people, such as `Cloudflare KV`. */
  readonly name: string;
  /** The schemes of its URLs, in lower case. */
  readonly schemes: readonly string[];
  /** One URL as an example, for messages and completion. */
  readonly form: string;
  readonly propagation: Propagation;
  /** The URL without credentials; `null` where it is not a URL of this kind. */
  shown(url: string): string | null;
}
