import type { JSX } from "preact";
import type { Shortcut } from "../shortcuts.ts";
import { SHORTCUTS } from "../shortcuts.ts";

/** The keyboard shortcuts of the page. */
export function Keys(): JSX.Element {
  const all: readonly (readonly [string, Shortcut])[] = Object.entries(SHORTCUTS);
  return (
    <section class="card keys" id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keyboard shortcuts</h2>
      <dl>
        {all.map(([name, { key, meaning }]) => (
          <div key={name}>
            <dt>
              <kbd>Alt</kbd> <kbd>Shift</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Enter</kbd>, <kbd>Esc</kbd>
          </dt>
          <dd>confirm, or leave a confirmation</dd>
        </div>
      </dl>
    </section>
  );
}
