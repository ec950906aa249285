import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface TokenFormProps {
  /** Why the controller refused; the first time, that one is needed. */
  readonly why: string;
  readonly isWrong: boolean;
  readonly onToken: (token: string) => void;
}

/** Asks for the controller's token. It stays in the tab, and goes with it. */
export function TokenForm({ why, isWrong, onToken }: TokenFormProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  return (
    <section class="card lone" aria-labelledby="token-title">
      <h1 id="token-title">This controller asks for its token</h1>
      <p>
        It is the value of <code>CONTROLLER_TOKEN</code> where the controller runs. This tab keeps
        it until you close it; it is sent to this controller only.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const token = input.current?.value.trim() ?? "";
          if (token !== "") onToken(token);
        }}
      >
        <label>
          Token
          <input
            ref={input}
            type="password"
            name="token"
            required
            autoComplete="off"
            spellcheck={false}
            aria-describedby="token-why"
            aria-invalid={isWrong}
          />
        </label>
        <button class="button is-first" type="submit">
          Open
        </button>
      </form>
      <p id="token-why" class={isWrong ? "outcome is-refused" : "visually-hidden"}>
        {why}
      </p>
    </section>
  );
}
