/** The part of a Web `Request` that the core reads. */
export interface RequestLike {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
}

/** The part of a Web `Response` that the core touches. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { set(name: string, value: string): void };
  readonly body: unknown;
}

interface WebPlatform {
  readonly Response: new (body: unknown, init?: ResponseLike) => ResponseLike;
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly URL: new (url: string) => { readonly hostname: string };
  readonly performance: { now(): number };
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * All that the core needs of the Web platform, declared once. The core sees no ambient types, so
 * that its users' own `Request` and `Response` types pass through it unchanged.
 */
export const web: WebPlatform = globalThis as unknown as WebPlatform;
