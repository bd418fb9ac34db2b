import type { Quote } from '#shared/money/units.ts';
import {
  amendOrderRequestSchema,
  cancelAfterSchema,
  commandSchema,
  orderDetailSchema,
  orderSchema,
  placeOrderRequestSchema,
  previewSchema,
  setExitsRequestSchema,
  type AmendOrderRequest,
  type PlaceOrderRequest,
} from '#shared/protocol/orders.ts';
import {
  changeMarginRequestSchema,
  closePositionRequestSchema,
  positionCostsSchema,
  positionHistorySchema,
  positionSchema,
} from '#shared/protocol/positions.ts';
import * as z from 'zod';

import type { HttpClient } from '../http.ts';
import {
  listRequest,
  newIdempotencyKey,
  orderTimeoutMs,
  own,
  segment,
  withSignal,
  type ListOptions,
} from './request.ts';

/** An order to place: what has a default may be left out. */
export type OrderRequest = Omit<PlaceOrderRequest, 'reduce_only' | 'time_in_force'> &
  Partial<Pick<PlaceOrderRequest, 'reduce_only' | 'time_in_force'>>;

/** Take-profit and stop-loss of a position: null removes one, what is not named stays. */
export type ExitsRequest = z.output<typeof setExitsRequestSchema>;

const orderBody = (order: OrderRequest) =>
  z.encode(placeOrderRequestSchema, { reduce_only: false, time_in_force: 'gtc', ...order });

/**
 * Orders. Every command carries an idempotency key, made here unless one is given, and is repeated under it when its answer is lost: it has
 * one effect. Give a key of your own to be able to ask `command` for it after a crash of yours.
 *
 * @example
 * const order = await client.orders.place({ symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: base('2.5'), leverage: times(10) });
 */
export function ordersOf(http: HttpClient) {
  return {
    place: (order: OrderRequest, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('POST', '/api/trading/orders', orderSchema, {
        auth: true,
        body: orderBody(order),
        idempotencyKey,
        timeoutMs: orderTimeoutMs,
      }),
    preview: (order: OrderRequest, signal?: AbortSignal) =>
      http.request('POST', '/api/trading/preview', previewSchema, {
        auth: true,
        body: orderBody(order),
        repeatable: true,
        ...withSignal(signal),
      }),
    list: (options: ListOptions & { status?: string; symbol?: string; clientOrderId?: string } = {}) =>
      http.page(
        '/api/trading/orders',
        orderSchema,
        listRequest(options, {
          status: options.status,
          symbol: options.symbol,
          client_order_id: options.clientOrderId,
        }),
      ),
    /** With every attempt to execute it. */
    get: (id: string) => http.request('GET', `/api/trading/orders/${segment(id)}`, orderDetailSchema, { auth: true }),
    /** Changes what is named, while the order was not submitted. */
    amend: (id: string, change: AmendOrderRequest, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('PATCH', `/api/trading/orders/${segment(id)}`, orderSchema, {
        auth: true,
        body: z.encode(amendOrderRequestSchema, change),
        idempotencyKey,
      }),
    cancel: (id: string, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('DELETE', `/api/trading/orders/${segment(id)}`, orderSchema, { auth: true, idempotencyKey }),
    /** Every order that still can be cancelled, of one market or all; answers those it cancelled. */
    cancelAll: (filter: { symbol?: string } = {}, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('DELETE', '/api/trading/orders', z.array(orderSchema), {
        auth: true,
        query: filter,
        idempotencyKey,
      }),
    /** Cancels all after so many seconds unless asked again before; 0 disarms. */
    cancelAfter: (seconds: number, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('POST', '/api/trading/cancel-after', cancelAfterSchema, {
        auth: true,
        body: { seconds },
        idempotencyKey,
      }),
    /** What became of a request whose answer was lost. */
    command: (idempotencyKey: string) =>
      http.request('GET', `/api/trading/commands/${segment(idempotencyKey)}`, commandSchema, { auth: true }),
  };
}

/**
 * Positions.
 *
 * @example
 * const [position] = await client.positions.list();
 * await client.positions.close(position.id);
 */
export function positionsOf(http: HttpClient) {
  return {
    list: (signal?: AbortSignal) => http.request('GET', '/api/trading/positions', z.array(positionSchema), own(signal)),
    /** What open positions paid since they were opened: funding, borrow, fees and price impact. */
    costs: (signal?: AbortSignal) =>
      http.request('GET', '/api/trading/positions/costs', z.array(positionCostsSchema), own(signal)),
    /** What changed a position, newest first. */
    history: (id: string, options: ListOptions = {}) =>
      http.page(`/api/trading/positions/${segment(id)}/history`, positionHistorySchema, listRequest(options)),
    /** Adds margin (positive) or removes it (negative). */
    changeMargin: (id: string, amount: Quote, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('POST', `/api/trading/positions/${segment(id)}/margin`, orderSchema, {
        auth: true,
        body: z.encode(changeMarginRequestSchema, { amount }),
        idempotencyKey,
        timeoutMs: orderTimeoutMs,
      }),
    /** Sets, replaces or removes (null) take-profit and stop-loss; answers those it has then. */
    setExits: (id: string, exits: ExitsRequest, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('POST', `/api/trading/positions/${segment(id)}/exits`, z.array(orderSchema), {
        auth: true,
        body: z.encode(setExitsRequestSchema, exits),
        idempotencyKey,
      }),
    /** The position, or `shareBps` basis points of it, at the next eligible price. */
    close: (
      id: string,
      idempotencyKey: string = newIdempotencyKey(),
      terms: { shareBps?: number; maxSlippageBps?: number } = {},
    ) =>
      http.request('POST', `/api/trading/positions/${segment(id)}/close`, orderSchema, {
        auth: true,
        body: z.encode(closePositionRequestSchema, {
          ...(terms.shareBps === undefined ? {} : { share: terms.shareBps }),
          ...(terms.maxSlippageBps === undefined ? {} : { max_slippage_bps: terms.maxSlippageBps }),
        }),
        idempotencyKey,
        timeoutMs: orderTimeoutMs,
      }),
  };
}
