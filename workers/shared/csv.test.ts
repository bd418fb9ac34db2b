import { expect, test } from 'vitest';

import { csvCell, csvFile } from './csv.ts';

test.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '\nx', '=HYPERLINK("http://x")'])(
  'text that a spreadsheet would run as a formula stays text: %j',
  (text) => {
    expect(csvCell(text)).toMatch(/^"?'/);
  },
);

test('a number keeps its sign, and what is missing is empty', () => {
  expect(['-1.5', '0', '12.345678', null].map(csvCell)).toEqual(['-1.5', '0', '12.345678', '']);
});

test('a cell with a separator, a quote or a line break is quoted', () => {
  expect(csvCell('a,b')).toBe('"a,b"');
  expect(csvCell('a"b')).toBe('"a""b"');
  expect(csvCell('a\nb')).toBe('"a\nb"');
});

test('a file names its fields and writes a line per row', () => {
  const fields = [
    { name: 'symbol', value: (row: { symbol: string; size: string }) => row.symbol },
    { name: 'size', value: (row: { symbol: string; size: string }) => row.size },
  ];
  expect(csvFile(fields, [{ symbol: '=SOL', size: '-2' }])).toBe("symbol,size\r\n'=SOL,-2\r\n");
});
