import { createEffect, createRoot, createSignal } from 'solid-js';

export type ThemeChoice = 'system' | 'dark' | 'light';
export type Theme = 'dark' | 'light';

/** The script that runs before the first paint (`web/public/theme.js`) reads the same key. */
const storageKey = 'quantdesk.theme';
const choices: readonly ThemeChoice[] = ['system', 'dark', 'light'];

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return choices.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function writeChoice(choice: ThemeChoice): void {
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Blocked storage costs only the memory of the choice.
  }
}

function createTheme() {
  const [choice, setChoice] = createSignal<ThemeChoice>(readChoice());
  const query = matchMedia('(prefers-color-scheme: light)');
  const [systemLight, setSystemLight] = createSignal(query.matches);
  query.addEventListener('change', (event) => setSystemLight(event.matches));

  const theme = (): Theme => {
    const chosen = choice();
    if (chosen !== 'system') return chosen;
    return systemLight() ? 'light' : 'dark';
  };

  createEffect(() => {
    document.documentElement.dataset.theme = theme();
  });

  const choose = (next: ThemeChoice) => {
    writeChoice(next);
    setChoice(next);
  };
  return { choice, theme, choose };
}

/** The one theme of the page: what was chosen, what shows, and how to choose. */
export const { choice: themeChoice, theme, choose: chooseTheme } = createRoot(createTheme);
