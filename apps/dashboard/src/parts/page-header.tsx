import type { ComponentChildren, JSX } from "preact";
import type { Theme } from "../theme.ts";
import type { IconName } from "./icon.tsx";
import { Icon } from "./icon.tsx";

const THEMES: Readonly<Record<Theme, { readonly icon: IconName; readonly name: string }>> = {
  auto: { icon: "auto", name: "as the system" },
  light: { icon: "sun", name: "light" },
  dark: { icon: "moon", name: "dark" },
};

interface PageHeaderProps {
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onKeys: () => void;
  readonly isKeysShown: boolean;
  readonly onForget: (() => void) | null;
  readonly children: ComponentChildren;
}

/** The product's name, the environments, whether it is live, and the settings of the page. */
export function PageHeader(props: PageHeaderProps): JSX.Element {
  const { theme, onTheme, onKeys, isKeysShown, onForget, children } = props;
  return (
    <header class="page-header">
      <a class="brand" href="#/">
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
          <path class="logo-all" d="M4 19V5" />
          <path class="logo-legacy" d="M4 16h16" />
          <path class="logo-edge" d="M4 16c6 0 6-9 12-9h4" />
        </svg>
        EdgeZero Rollout
      </a>
      {children}
      <div class="tools">
        <button
          type="button"
          class="tool"
          aria-expanded={isKeysShown}
          aria-controls="keys"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
          onClick={onKeys}
        >
          <Icon name="keys" />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={`Colours: ${THEMES[theme].name}`}
          title={`Colours: ${THEMES[theme].name}`}
          onClick={onTheme}
        >
          <Icon name={THEMES[theme].icon} />
        </button>
        {onForget === null ? null : (
          <button type="button" class="tool is-text" onClick={onForget}>
            Forget token
          </button>
        )}
      </div>
    </header>
  );
}
