/** The typed client of the exchange: REST with exact decimals, and sockets that resume where they were. */
export { base, times, usd, usdc } from './amounts.ts';
export {
  createClient,
  newIdempotencyKey,
  openAccountRequest,
  type AnalysisQuestion,
  type ChatQuestion,
  type ClientOptions,
  type OrderRequest,
  type QuantDeskClient,
} from './client.ts';
export { ApiError, type ClientErrorCode } from './errors.ts';
export type { Page } from './http.ts';
export type { RequestToConfirm } from './resources/auth.ts';
export { ExchangeStream, streamBounds, type StreamOptions, type StreamState } from './socket.ts';
export type { StreamMessage } from './stream-messages.ts';
