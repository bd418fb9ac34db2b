import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** WCAG AA for text of the sizes the terminal uses. */
const contrastMin = 4.5;

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours that a block of `tokens.css` sets, by role. */
function coloursOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, role, colour]) => [role, colour]),
  );
}

/** Relative luminance of a colour "#rrggbb" (WCAG 2.1, definition of contrast ratio). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const themes = ['dark', 'light'] as const;
const looks = themes.flatMap((theme) => [
  { look: theme, colours: coloursOf(`:root[data-theme='${theme}']`) },
  {
    look: `${theme}, colour-blind`,
    colours: {
      ...coloursOf(`:root[data-theme='${theme}']`),
      ...coloursOf(`:root[data-theme='${theme}'][data-colours='colour-blind']`),
    },
  },
]);

describe.each(looks)('the colours of $look', ({ colours }) => {
  const of = (role: string): string => colours[role] ?? 'missing';

  test.each(['ink', 'ink-2', 'ink-3', 'accent', 'up', 'down', 'warn'])('%s can be read on every surface', (role) => {
    for (const surface of ['page', 'panel', 'raised', 'hover'])
      expect(contrast(of(role), of(surface)), surface).toBeGreaterThanOrEqual(contrastMin);
  });

  test.each(['accent', 'up', 'down', 'warn'])('%s can be read on its own soft ground', (role) => {
    expect(contrast(of(role), of(`${role}-soft`))).toBeGreaterThanOrEqual(contrastMin);
  });

  test.each(['accent', 'up', 'down'])('the text on a button of %s can be read', (role) => {
    expect(contrast(of(`on-${role}`), of(role))).toBeGreaterThanOrEqual(contrastMin);
  });
});
