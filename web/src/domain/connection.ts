import type { StreamState } from '#sdk/index.ts';

export type Connection = 'live' | 'connecting' | 'behind' | 'offline';

/** The worst state of several streams: one that is down makes the screen doubtful as a whole. */
export function overallConnection(states: readonly StreamState[]): Connection {
  if (states.includes('offline')) return 'offline';
  if (states.includes('connecting') || states.includes('closed')) return 'connecting';
  return states.includes('behind') ? 'behind' : 'live';
}

/** Figures on screen may be old. While the first connection is made there are none. */
export const isDoubtful = (connection: Connection): boolean => connection === 'behind' || connection === 'offline';
