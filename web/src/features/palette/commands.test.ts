import { createRoot } from 'solid-js';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { Desk } from '../../data/desk.ts';
import { conflictsOf } from '../../domain/shortcuts.ts';
import { announceMarketPicker, marketPickerOpen } from '../header/market-commands.ts';
import { createCommands, isCommandOpen, type Command } from './commands.ts';
import { closePalette, paletteScope } from './state.ts';

let commands: readonly Command[];
let visited: string[];
let stage: ReturnType<Desk['stage']>;
let held: unknown[];

beforeEach(() => {
  visited = [];
  stage = 'visitor';
  held = [];
  closePalette();
  const desk = {
    stage: () => stage,
    leave: vi.fn(),
    own: { account: { positions: held, orders: [] } },
  } as unknown as Desk;
  commands = createCommands({ desk, path: () => '/portfolio', navigate: (href) => void visited.push(href) });
});

const byId = (id: string): Command => {
  const command = commands.find((candidate) => candidate.id === id);
  if (command === undefined) throw new Error(`no command ${id}`);
  return command;
};

test('every command has its own id and title, and no key means two things', () => {
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  expect(new Set(commands.map(({ title }) => title)).size).toBe(commands.length);
  expect(conflictsOf(commands.flatMap(({ id, keys }) => (keys === undefined ? [] : [{ id, keys }])))).toEqual([]);
});

describe('what is offered', () => {
  test('a visitor can connect, and only who has an account can move money', () => {
    expect(isCommandOpen(byId('account-connect'))).toBe(true);
    expect(isCommandOpen(byId('account-withdraw'))).toBe(false);
    stage = 'ready';
    expect(isCommandOpen(byId('account-connect'))).toBe(false);
    expect(isCommandOpen(byId('account-withdraw'))).toBe(true);
  });

  test('closing everything is offered while there is something to close', () => {
    expect(isCommandOpen(byId('account-closeAll'))).toBe(false);
    held.push({});
    expect(isCommandOpen(byId('account-closeAll'))).toBe(true);
    expect(isCommandOpen(byId('account-cancelAll'))).toBe(false);
  });
});

test('a ticket command from another page leads to the ticket', () => {
  byId('ticket-buy').run();
  expect(visited).toEqual(['/trade/SOL-PERP']);
  expect(byId('ticket-buy').tradePageKey).toBe(true);
});

test('the key for markets opens their list where it stands, and the palette everywhere else', () => {
  byId('market-search').run();
  expect([marketPickerOpen(), paletteScope()]).toEqual([false, 'markets']);
  closePalette();
  createRoot((leave) => {
    announceMarketPicker();
    byId('market-search').run();
    expect([marketPickerOpen(), paletteScope()]).toEqual([true, undefined]);
    leave();
  });
  expect(marketPickerOpen()).toBe(false);
});
