import { createEffect, createRoot, createSignal } from 'solid-js';

import { changePreferences, preferences, type Preferences } from '../data/preferences.ts';

export type ThemeChoice = Preferences['theme'];
export type Theme = 'dark' | 'light';

const pageColour = { dark: '#07090b', light: '#e9ecf0' } as const satisfies Record<Theme, string>;

function createTheme() {
  const query = matchMedia('(prefers-color-scheme: light)');
  const [systemLight, setSystemLight] = createSignal(query.matches);
  query.addEventListener('change', (event) => setSystemLight(event.matches));

  const theme = (): Theme => {
    const chosen = preferences().theme;
    if (chosen !== 'system') return chosen;
    return systemLight() ? 'light' : 'dark';
  };

  createEffect(() => {
    const { dataset } = document.documentElement;
    dataset.theme = theme();
    dataset.density = preferences().density;
    dataset.colours = preferences().colours;
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', pageColour[theme()]);
  });
  return theme;
}

/**
 * The theme that shows. The page's root carries it, the density and the pair of colours as data attributes. Who draws with colours read from
 * the page (the chart) reads this first: it tells of another pair of colours too.
 */
export const theme = createRoot(createTheme);

export const themeChoice = (): ThemeChoice => preferences().theme;
export const chooseTheme = (choice: ThemeChoice): void => changePreferences({ theme: choice });
