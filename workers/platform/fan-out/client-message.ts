import { socketBounds } from '#shared/protocol/ws.ts';

/** A client's message, channel names checked by the schema of its socket. */
export type ClientMessage =
  | {
      readonly op: 'subscribe';
      readonly channels: readonly string[];
      readonly from?: { readonly epoch: string; readonly seq: number } | undefined;
    }
  | { readonly op: 'unsubscribe'; readonly channels: readonly string[] }
  | { readonly op: 'ack'; readonly channel: string; readonly seq: number }
  | { readonly op: 'ping' }
  | { readonly op: 'auth'; readonly token: string };

/** The zod schema of the messages a socket takes. */
export interface ClientMessageSchema {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: ClientMessage }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

export type ReadMessage =
  { readonly ok: true; readonly message: ClientMessage } | { readonly ok: false; readonly message: string };

const encoder = new TextEncoder();
/** A UTF-16 unit takes at most this many bytes in UTF-8. */
const bytesPerUnitMax = 3;

/** Why a frame ends the connection whatever it says; null when it may be read. */
export function unreadableFrame(data: string | ArrayBuffer): string | null {
  if (typeof data !== 'string') return 'Send text frames of one JSON object.';
  const { frameBytesMax } = socketBounds;
  if (data.length * bytesPerUnitMax <= frameBytesMax) return null;
  if (data.length <= frameBytesMax && encoder.encode(data).byteLength <= frameBytesMax) return null;
  return `A message has at most ${frameBytesMax} bytes.`;
}

/** Reads a frame of a client; a refusal says what to send instead. */
export function readClientMessage(schema: ClientMessageSchema, data: string): ReadMessage {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { ok: false, message: 'The message is not JSON.' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return { ok: false, message: `${path === '' ? 'message' : path}: ${issue?.message ?? 'does not fit the protocol'}` };
}
