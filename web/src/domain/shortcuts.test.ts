import { describe, expect, test } from 'vitest';

import {
  conflictsOf,
  keyLabel,
  readKey,
  secondKeyMsMax,
  type Binding,
  type KeyPlace,
  type KeyPress,
} from './shortcuts.ts';

const bindings: readonly Binding[] = [
  { id: 'palette', keys: ['mod+k'] },
  { id: 'buy', keys: ['b'] },
  { id: 'help', keys: ['?'] },
  { id: 'go-portfolio', keys: ['g', 'p'] },
];
const press = (key: string, changed: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, mod: false, modified: false, repeat: false },
  ...changed,
});
const read = (pressed: KeyPress, place: KeyPlace = 'page') => readKey(pressed, place, undefined, 0, bindings);
const withCtrl = { mod: true, modified: true } as const;

describe('one key', () => {
  test('means its command on the page, in either case', () => {
    expect(read(press('b'))).toEqual({ id: 'buy' });
    expect(read(press('B'))).toEqual({ id: 'buy' });
    expect(read(press('?'))).toEqual({ id: 'help' });
    expect(read(press('x'))).toEqual({});
  });

  test('means nothing while it is typed into a field or a window is open', () => {
    expect(read(press('b'), 'field')).toEqual({});
    expect(read(press('b'), 'dialog')).toEqual({});
    expect(read(press('k', withCtrl), 'dialog')).toEqual({});
  });

  test('with Ctrl or Cmd works in a field too, where it makes no text', () => {
    expect(read(press('k', withCtrl), 'field')).toEqual({ id: 'palette' });
  });

  test('is not taken from the browser: Ctrl+B, Alt+B and a held key mean nothing', () => {
    expect(read(press('b', withCtrl))).toEqual({});
    expect(read(press('b', { modified: true }))).toEqual({});
    expect(read(press('b', { repeat: true }))).toEqual({});
  });
});

describe('two keys', () => {
  const first = { key: 'g', atMs: 0 };

  test('mean their command when the second follows soon', () => {
    expect(read(press('g'))).toEqual({ first });
    expect(readKey(press('p'), 'page', first, secondKeyMsMax, bindings)).toEqual({ id: 'go-portfolio' });
  });

  test('are forgotten after a while, or with another key', () => {
    expect(readKey(press('p'), 'page', first, secondKeyMsMax + 1, bindings)).toEqual({});
    expect(readKey(press('b'), 'page', first, 10, bindings)).toEqual({ id: 'buy' });
  });
});

test('keys are written as on the keyboard', () => {
  expect(keyLabel('mod+k', true)).toBe('⌘K');
  expect(keyLabel('mod+k', false)).toBe('Ctrl K');
  expect(keyLabel('escape', false)).toBe('Esc');
  expect(keyLabel('/', true)).toBe('/');
});

test('two commands on the same key, or one that hides the first key of another, are found', () => {
  expect(conflictsOf(bindings)).toEqual([]);
  expect(conflictsOf([...bindings, { id: 'other', keys: ['b'] }])).toEqual(['buy / other']);
  expect(conflictsOf([...bindings, { id: 'g', keys: ['g'] }])).toEqual(['go-portfolio / g']);
});
