/** The part of a Web `Request` that the core reads. */
export interface RequestLike {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
}

/** The part of a Web `Response` that the core touches. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { set(name: string, value: string): void; delete(name: string): unknown };
  readonly body: unknown;
}

/** A `ResponseLike` serves as one too: that is how a response is wrapped. */
interface ResponseInitLike {
  readonly status: number;
  readonly headers: unknown;
}

interface UrlLike {
  readonly hostname: string;
  readonly origin: string;
  readonly pathname: string;
  readonly protocol: string;
  readonly search: string;
  readonly searchParams: { get(name: string): string | null };
}

/** The part of Web Crypto that signs, with keys that nothing here looks into. */
interface SubtleCryptoLike {
  importKey(
    format: "raw",
    secret: Uint8Array,
    algorithm: { readonly name: string; readonly hash: string },
    extractable: boolean,
    usages: string[],
  ): Promise<object>;
  sign(algorithm: string, key: object, bytes: Uint8Array): Promise<ArrayBuffer>;
  verify(
    algorithm: string,
    key: object,
    signature: Uint8Array,
    bytes: Uint8Array,
  ): Promise<boolean>;
}

interface WebPlatform {
  readonly Response: new (body: unknown, init?: ResponseInitLike) => ResponseLike;
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly URL: new (url: string, base?: string) => UrlLike;
  readonly performance: { now(): number };
  readonly crypto: {
    readonly subtle: SubtleCryptoLike;
    randomUUID(): string;
  };
  btoa(binary: string): string;
  atob(text: string): string;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * All that the core needs of the Web platform, declared once. The core sees no ambient types, so
 * that its users' own `Request` and `Response` types pass through it unchanged.
 */
export const web: WebPlatform = globalThis as unknown as WebPlatform;
