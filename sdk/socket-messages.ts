import type { Epoch } from './channel-cursor.ts';

/** A frame of the exchange, checked as far as the stream itself depends on it; `data` belongs to the channel. */
export type ServerFrame =
  | {
      readonly type: 'hello';
      readonly connectionId: string;
      readonly serverTime: string | number;
      readonly epoch: Epoch;
    }
  | {
      readonly type: 'snapshot';
      readonly channel: string;
      readonly epoch: Epoch;
      readonly seq: number;
      readonly data: unknown;
    }
  | {
      readonly type: 'update';
      readonly channel: string;
      readonly seq: number;
      readonly prevSeq: number;
      readonly ts: string | number;
      readonly data: unknown;
    }
  | { readonly type: 'reset'; readonly channel: string | undefined }
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  /** Pong, subscription receipts and whatever a later version adds: proof of life, nothing else. */
  | { readonly type: 'other' };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isEpoch = (value: unknown): value is Epoch => typeof value === 'string' || typeof value === 'number';

/** Sequence numbers are plain integers; an exact-decimal reader hands them over as text. */
function readSeq(value: unknown): number | undefined {
  const seq = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : undefined;
}

const readTime = (value: unknown): string | number =>
  typeof value === 'string' || typeof value === 'number' ? value : 0;

function readSnapshot(frame: Record<string, unknown>): ServerFrame | undefined {
  const seq = readSeq(frame.seq);
  if (typeof frame.channel !== 'string' || !isEpoch(frame.epoch) || seq === undefined) return undefined;
  return { type: 'snapshot', channel: frame.channel, epoch: frame.epoch, seq, data: frame.data };
}

function readUpdate(frame: Record<string, unknown>): ServerFrame | undefined {
  const seq = readSeq(frame.seq);
  const prevSeq = readSeq(frame.prev_seq);
  if (typeof frame.channel !== 'string' || seq === undefined || prevSeq === undefined) return undefined;
  return { type: 'update', channel: frame.channel, seq, prevSeq, ts: readTime(frame.ts), data: frame.data };
}

/** Checks one parsed frame. Undefined: not a frame of this protocol, the connection cannot be trusted. */
export function readFrame(value: unknown): ServerFrame | undefined {
  if (!isRecord(value) || typeof value.type !== 'string') return undefined;
  switch (value.type) {
    case 'hello':
      if (!isEpoch(value.epoch)) return undefined;
      return {
        type: 'hello',
        connectionId: typeof value.connection_id === 'string' ? value.connection_id : '',
        serverTime: readTime(value.server_time),
        epoch: value.epoch,
      };
    case 'snapshot':
      return readSnapshot(value);
    case 'update':
      return readUpdate(value);
    case 'reset':
      return { type: 'reset', channel: typeof value.channel === 'string' ? value.channel : undefined };
    case 'error':
      return {
        type: 'error',
        code: typeof value.code === 'string' ? value.code : 'SYSTEM_001',
        message: typeof value.message === 'string' ? value.message : '',
      };
    default:
      return { type: 'other' };
  }
}
