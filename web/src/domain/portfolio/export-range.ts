export type ExportRange = 'month' | 'year' | 'all';

const daySeconds = 86_400;

/** Bounds of an export in seconds since 1970: the last 30 days, the calendar year in UTC, or everything. */
export function exportBounds(range: ExportRange, now: Date): { from?: number } {
  switch (range) {
    case 'month':
      return { from: Math.floor(now.getTime() / 1_000) - 30 * daySeconds };
    case 'year':
      return { from: Date.UTC(now.getUTCFullYear(), 0, 1) / 1_000 };
    case 'all':
      return {};
  }
}

/** The file's name: whose money, and when it was asked for. */
export const exportName = (address: string, now: Date): string =>
  `quantdesk-${address.slice(0, 8)}-${now.toISOString().slice(0, 10)}.csv`;
