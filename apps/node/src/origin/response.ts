/** The part of `Headers` that the core uses. Names are in lower case. */
interface ResponseHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
  delete(name: string): void;
}

/**
 * An origin's response on its way to the client, with its headers as they came. A Web `Response`
 * would copy every chunk, and lose the order and spelling of the headers.
 */
export class OriginResponse<Body = unknown> {
  readonly status: number;
  readonly statusText: string;
  readonly body: Body;
  /** Names and values in turn. */
  readonly rawHeaders: string[];
  /** The response itself, which saves an object for each request. */
  readonly headers: ResponseHeaders = this;

  constructor(status: number, statusText: string, rawHeaders: string[], body: Body) {
    this.status = status;
    this.statusText = statusText;
    this.rawHeaders = rawHeaders;
    this.body = body;
  }

  /** Works like `Headers.get`. */
  get(name: string): string | null {
    const values: string[] = [];
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      if (isName(this.rawHeaders[i], name)) values.push(this.rawHeaders[i + 1] as string);
    }
    return values.length === 0 ? null : values.join(", ");
  }

  /** Works like `Headers.set`. */
  set(name: string, value: string): void {
    this.delete(name);
    this.rawHeaders.push(name, value);
  }

  /** Works like `Headers.delete`. */
  delete(name: string): void {
    for (let i = this.rawHeaders.length - 2; i >= 0; i -= 2) {
      if (isName(this.rawHeaders[i], name)) this.rawHeaders.splice(i, 2);
    }
  }
}

/** Compares the lengths first, so that most headers need no copy in lower case. */
function isName(header: string | undefined, name: string): boolean {
  return header?.length === name.length && header.toLowerCase() === name;
}
