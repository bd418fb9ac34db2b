import { expect, test } from 'vitest';

import { createPaintBatch } from './paint-batch.ts';

/** Paints when it is told to. */
function handPainted() {
  const asked: (() => void)[] = [];
  const whenPainted = (apply: () => void) => {
    asked.push(apply);
    return () => void asked.splice(asked.indexOf(apply), 1);
  };
  return { asked, whenPainted, paint: () => asked.splice(0).forEach((apply) => apply()) };
}

const newest = (held: number, heard: number) => Math.max(held, heard);

test('messages between two paints are one update, each key at its newest value', () => {
  const screen = handPainted();
  const applied: [string, number][][] = [];
  const batch = createPaintBatch<string, number>((values) => applied.push([...values]), newest, screen.whenPainted);
  batch.hear('SOL', 1);
  batch.hear('BTC', 7);
  batch.hear('SOL', 3);
  batch.hear('SOL', 2);
  expect([applied, screen.asked.length]).toEqual([[], 1]);
  screen.paint();
  expect(applied).toEqual([
    [
      ['SOL', 3],
      ['BTC', 7],
    ],
  ]);
});

/** A batch that lists the values it applied. */
function collecting() {
  const screen = handPainted();
  const applied: number[] = [];
  const batch = createPaintBatch<string, number>(
    (values) => applied.push(...values.values()),
    newest,
    screen.whenPainted,
  );
  return { screen, applied, batch };
}

test('what comes after a paint waits for the next one', () => {
  const { screen, applied, batch } = collecting();
  batch.hear('SOL', 1);
  screen.paint();
  screen.paint();
  batch.hear('SOL', 2);
  expect(applied).toEqual([1]);
  screen.paint();
  expect(applied).toEqual([1, 2]);
});

test('nothing is applied after it was dropped', () => {
  const { screen, applied, batch } = collecting();
  batch.hear('SOL', 1);
  batch.drop();
  screen.paint();
  expect(applied).toEqual([]);
  batch.hear('SOL', 2);
  screen.paint();
  expect(applied).toEqual([2]);
});
