/**
 * Every point at which a test may let the worker die, by where it lies. The subject a point is reached with is named in brackets: faults
 * are armed for one of them or for all. `before` and `after` stand for the effect that a point is about.
 */
export const FAILPOINTS_BY_NAME = {
  // Commands of a trader, in AccountObject [wallet]
  'command.begun': 'a request is known to run; nothing is stored',
  'command.stored':
    'the order or refusal, its idempotency key and its outbox rows are one stored transaction; nobody was told',
  'trigger.heard': 'a market claims that an order’s price was reached; nothing is stored',
  'trigger.stored': 'the order is triggered; neither the market nor a socket was told',

  // One execution of an order [wallet]
  'order.priced': 'an eligible price is on chain; nothing is signed',
  'order.signed': 'the transaction is signed, its signature not stored',
  'order.stored': 'the attempt is stored with its signature, not sent',
  'order.sent': 'the transaction was given to the RPC; its confirmation was not waited for',
  'order.confirmed': 'the chain has decided; the order does not know',
  'order.told': 'the order’s events were asked of the indexer and not applied',

  // Effects of the outbox [topic and key of the row, as `project 3f0b…`]
  'outbox.taken': 'a row is under way; its effect was not begun',
  'outbox.done': 'the effect is done; its row is still there',
  'timer.taken': 'a due timer is under way; its handler was not begun [kind and key]',

  // Effects between an account and the rest [wallet]
  'rest.sent': 'the market keeps the resting order; the account does not know',
  'unrest.sent': 'the market forgot the order; the account does not know',
  'order.projected': 'the database has the order; the account does not know',
  'alert.projected': 'the database has the alert; the account does not know',

  // Transactions that the trader signed [wallet]
  'submit.checked': 'a signed transaction was simulated; neither counted nor sent',
  'submit.counted': 'its fee is counted against the budget; not sent',
  'submit.sent': 'it was given to the RPC; its confirmation was not waited for',
  'submit.confirmed': 'the chain has decided; nobody was told',
  'drop.stored': 'a test drop is stored with its signature, not sent',
  'drop.sent': 'it was given to the RPC; not marked as landed',

  // What an operator does, or a trader with his own data [his wallet]
  'deed.recorded': 'the audit log has the entry; nothing was done',

  // A market [wallet of the order or of the first position; `market.applied`: symbol]
  'claim.kept': 'an order is claimed in the trigger book; its owner was not told',
  'claim.answered': 'the owner answered; the claim is still in the book',
  'candidates.leased': 'liquidation candidates are leased; not queued',
  'candidates.queued': 'they are queued; the market goes on',
  'market.applied': 'events of the market’s stream are applied; the indexer does not know',

  // An account hears of the chain [wallet]
  'events.heard': 'events of the account’s stream arrived; not applied',
  'events.applied': 'they are applied and orders filled; neither the indexer nor a socket was told',

  // The indexer [`indexer`; for a delivery its stream, as `account:<wallet>`]
  'indexer.listed': 'signatures of a page were read; not kept',
  'indexer.read': 'a transaction was read; its events are not kept',
  'indexer.kept': 'its events are kept; nobody has them',
  'indexer.delivering': 'events are about to go to their object',
  'indexer.delivered': 'the object has them; the indexer does not know',
  'indexer.projecting': 'events are about to go to the database',
  'indexer.projected': 'the database has them; the indexer does not know',
  'indexer.final': 'transactions are known to be final; the cursor has not moved',
  'followup.sent': 'what follows from an event was set going; its timer is still there',

  // The consumer of risk checks [wallet of the position]
  'risk.received': 'a message arrived; nothing was looked at',
  'risk.checked': 'chain and price agree with the candidate; nothing was simulated',
  'risk.simulated': 'the transaction is signed and would land; not sent',
  'risk.sent': 'it was given to the RPC; its confirmation was not waited for',
  'risk.landed': 'the chain has decided; nobody was told',
  'risk.released': 'the candidate’s lease is ended; the message is not acknowledged',
  'letter.stored': 'a dead letter is stored; its message is not acknowledged [queue]',

  // The sweep [`sweep`]
  'sweep.leased': 'the lease is taken; nobody was visited',
  'sweep.visited': 'markets, indexer and payouts were visited; orders were not',
  'sweep.ordered': 'wallets with unfinished orders were visited; the cursor is not stored',
} as const;

export type FailpointName = keyof typeof FAILPOINTS_BY_NAME;
