import { expect, test } from 'vitest';

import { columnRooms } from './column-rooms.ts';

const columns = [
  { id: 'market', digits: 8 },
  { id: 'size', digits: 5, longest: (size: string) => size },
  { id: 'funding', digits: 9, class: 'derived' },
  { id: 'actions', isUnnamed: true },
];

test('a column keeps its digits, and is as wide as a longer figure in any line', () => {
  expect(columnRooms(columns, ['1', '22']).of('size')).toEqual({ '--digits': '5' });
  expect(columnRooms(columns, ['1', '123,456.7']).of('size')).toEqual({ '--digits': '9' });
  expect(columnRooms(columns, ['123,456,789.0']).of('market')).toEqual({ '--digits': '8' });
});

test('a table is as wide as its columns of figures together, on a narrow desk without those that give way', () => {
  expect(columnRooms(columns, ['1234567']).together).toEqual({
    '--all-digits': '24',
    '--all-columns': '3',
    '--kept-digits': '15',
    '--kept-columns': '2',
  });
});
