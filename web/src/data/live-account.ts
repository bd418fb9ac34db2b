import { ExchangeStream, type StreamMessage, type StreamState } from '#sdk/index.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { BalanceDto } from '#shared/protocol/portfolio.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import type { RiskAlertDto } from '#shared/protocol/risk.ts';
import { untrack } from 'solid-js';
import { createStore, reconcile, type SetStoreFunction } from 'solid-js/store';

import { upsertOrder } from '../domain/orders.ts';
import type { ApiOrigin } from './origin.ts';

/** The trader's own state. Undefined: not heard yet. */
export interface LiveAccount {
  orders: OrderDto[] | undefined;
  positions: PositionDto[] | undefined;
  balance: BalanceDto | undefined;
  state: StreamState;
}

/** What happened since the snapshot: what toasts are made of. */
export interface AccountEvents {
  readonly onOrder: (order: OrderDto, before: OrderDto | undefined) => void;
  readonly onAlert: (alert: RiskAlertDto) => void;
  /** The exchange does not take the token. */
  readonly onTokenRefused: () => void;
}

/** Codes of a token that is not taken begin with this. */
const authenticationCodes = 'AUTH_';

const unheard: LiveAccount = {
  orders: undefined,
  positions: undefined,
  balance: undefined,
  state: 'closed',
};

function withOwed(held: PositionDto[] | undefined, fresh: readonly PositionDto[]): PositionDto[] | undefined {
  return held?.map((position) => {
    const same = fresh.find(({ id, command_seq }) => id === position.id && command_seq === position.command_seq);
    if (same === undefined) return position;
    const { funding_owed, borrow_owed, liquidation_price } = same;
    return { ...position, funding_owed, borrow_owed, liquidation_price };
  });
}

/** The orders of the stream, each at its newest version. */
function createOrders(account: LiveAccount, setAccount: SetStoreFunction<LiveAccount>, events: AccountEvents) {
  const known = (order: OrderDto): OrderDto | undefined => {
    const before = account.orders?.find((candidate) => candidate.order_id === order.order_id);
    return before === undefined ? undefined : { ...before };
  };

  const takeOrder = (order: OrderDto) => {
    const before = known(order);
    if (before !== undefined && before.version >= order.version) return;
    setAccount('orders', reconcile(upsertOrder(account.orders ?? [], order), { key: 'order_id' }));
    events.onOrder(order, before);
  };

  /** A snapshot after an interruption also tells what happened meanwhile to orders that were on screen. */
  const takeSnapshot = (orders: readonly OrderDto[]) => {
    const changed = orders
      .map((order) => [order, known(order)] as const)
      .filter(([order, before]) => before !== undefined && before.version < order.version);
    setAccount('orders', reconcile([...orders], { key: 'order_id' }));
    for (const [order, before] of changed) events.onOrder(order, before);
  };

  return { takeOrder, takeSnapshot };
}

/** The private stream of whoever is signed in. */
export function createLiveAccount(
  api: ApiOrigin,
  freshToken: () => Promise<string | undefined>,
  events: AccountEvents,
) {
  const [account, setAccount] = createStore<LiveAccount>({ ...unheard });
  let stream: ExchangeStream | undefined;

  const { takeOrder, takeSnapshot } = createOrders(account, setAccount, events);

  const receive = (message: StreamMessage) => {
    switch (message.kind) {
      case 'orders': {
        if (message.type === 'snapshot') takeSnapshot(message.data);
        else takeOrder(message.data);
        return;
      }
      case 'positions':
        setAccount('positions', reconcile([...message.data], { key: 'id' }));
        return;
      case 'balance':
        setAccount('balance', reconcile(message.data));
        return;
      case 'risk':
        if (message.type === 'update') events.onAlert(message.data);
        return;
      default:
        return;
    }
  };

  const close = () => {
    stream?.close();
    stream = undefined;
    setAccount({ ...unheard });
  };

  return {
    account,
    open: () => {
      close();
      stream = new ExchangeStream({
        url: `${api.socket}/ws/account`,
        channels: ['orders', 'positions', 'balance', 'risk'],
        token: freshToken,
        onMessage: receive,
        onState: (state) => setAccount('state', state),
        onError: ({ code }) => code.startsWith(authenticationCodes) && events.onTokenRefused(),
      });
      stream.open();
    },
    close,
    hurry: () => stream?.reconnectNow(),
    interrupt: () => stream?.interrupt(),
    /** What accrued since a position's last event, which the stream does not tell; of a position that changed since, nothing. */
    learnOwed: (fresh: readonly PositionDto[]) => {
      const next = withOwed(
        untrack(() => account.positions),
        fresh,
      );
      if (next !== undefined) setAccount('positions', reconcile(next, { key: 'id' }));
    },
    /** An order known from a request's answer, before the stream tells it. Nothing is learned of an account that is not open here any more. */
    learnOrder: (order: OrderDto) => {
      if (stream !== undefined) takeOrder(order);
    },
  };
}

export type LiveAccountStream = ReturnType<typeof createLiveAccount>;
