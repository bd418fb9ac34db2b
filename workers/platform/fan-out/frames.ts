import { encodeJson } from '#shared/money/json.ts';
import { socketProtocolVersion } from '#shared/protocol/ws.ts';

const isoTime = (ms: number): string => new Date(ms).toISOString();

/** First frame of a connection. */
export const helloFrame = (connectionId: string, epoch: string, nowMs: number): string =>
  encodeJson({
    type: 'hello',
    version: socketProtocolVersion,
    connection_id: connectionId,
    server_time: isoTime(nowMs),
    epoch,
  });

/** `data` is JSON text: it is serialised once, however many sockets receive it. */
export const snapshotFrame = (channel: string, epoch: string, seq: number, data: string): string =>
  `{"type":"snapshot","channel":${JSON.stringify(channel)},"epoch":${JSON.stringify(epoch)},"seq":${seq},"data":${data}}`;

/** `seq` grows by one per message of a channel, so `prev_seq` is the one before. */
export const updateFrame = (channel: string, seq: number, tsMs: number, data: string): string =>
  `{"type":"update","channel":${JSON.stringify(channel)},"seq":${seq},"prev_seq":${seq - 1},"ts":"${isoTime(tsMs)}","data":${data}}`;

export const resetFrame = (channel: string): string => encodeJson({ type: 'reset', channel });

export const authenticatedFrame = (walletAddress: string, expiresAtMs: number): string =>
  encodeJson({ type: 'authenticated', wallet_address: walletAddress, expires_at: isoTime(expiresAtMs) });

export const errorFrame = (code: string, message: string): string => encodeJson({ type: 'error', code, message });
