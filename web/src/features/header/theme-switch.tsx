import { Dynamic } from 'solid-js/web';
import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { MoonIcon, ScreenIcon, SunIcon } from '../../ui/icons.tsx';
import { chooseTheme, themeChoice, type ThemeChoice } from '../../ui/theme.ts';

const next: Record<ThemeChoice, ThemeChoice> = { system: 'dark', dark: 'light', light: 'system' };
const icons = { system: ScreenIcon, dark: MoonIcon, light: SunIcon } as const;

/** System, dark, light, and around again; the choice is remembered. */
export function ThemeSwitch(): JSX.Element {
  const label = () => `${texts.header.theme}: ${texts.header.themes[themeChoice()]}`;
  return (
    <button
      type="button"
      class="button button-quiet icon-button"
      aria-label={label()}
      title={label()}
      onClick={() => chooseTheme(next[themeChoice()])}
    >
      <Dynamic component={icons[themeChoice()]} />
    </button>
  );
}
