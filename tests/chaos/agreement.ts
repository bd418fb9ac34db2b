import { formatDecimal, parseDecimal, unsignedUnit } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import type { OrderDetailDto } from '#shared/protocol/orders.ts';
import { differs, type Scene } from './scene.ts';
import type { LandedEvent } from './truth/chain.ts';

export const chaosSymbol = 'SOL-PERP';

/** How a client finds its order again. */
export interface OrderReference {
  readonly key: string;
  readonly clientOrderId: string | null;
  readonly orderId: string;
}

const fillNames = new Set(['positionIncreased', 'positionReduced']);
const orderNames = new Set(['positionIncreased', 'positionReduced', 'marginChanged']);

const idOf = (event: LandedEvent): string => {
  const bytes = (event.data as { orderId?: number[] }).orderId ?? [];
  return Buffer.from(bytes).toString('hex');
};

/** Events by which the chain executed an order. */
export const executionsOf = (events: readonly LandedEvent[], orderId: string): LandedEvent[] =>
  events.filter((event) => orderNames.has(event.name) && idOf(event) === orderId.replaceAll('-', ''));

/**
 * What does not agree on an order: the chain (`executions` events and no more), the order by its id, by the client's id and by the idempotency
 * key, the database, and the trader's socket.
 */
export async function orderFindings(
  scene: Scene,
  reference: OrderReference,
  stages: readonly OrderDetailDto['stage'][],
): Promise<string[]> {
  const { exchange, trader, channel } = scene;
  const order = await trader.client.orders.get(reference.orderId);
  if (!stages.includes(order.stage))
    return [`the order is ${order.stage}: ${order.error?.message ?? 'no error'} ${attemptsText(order)}`];
  const executions = executionsOf(await exchange.chain.eventsOf(trader.address), reference.orderId);
  const command = await trader.client.orders.command(reference.key);
  const row = await exchange.projection.order(reference.orderId);
  // A trade that turns a position has two events: still one execution, in one transaction.
  const signatures = [...new Set(executions.map(({ signature }) => signature))];
  const traded = executions.reduce((sum, { data }) => sum + ((data as { size?: bigint }).size ?? 0n), 0n);
  const landed = order.attempts.filter(({ outcome }) => outcome === 'landed').length;
  const isFilled = order.stage === 'filled';
  return [
    ...differs('executions on chain', signatures.length, isFilled ? 1 : 0),
    ...differs('transaction of the order', order.transaction_hash, signatures[0] ?? null),
    ...(order.intent === 'trade' ? differs('quantity on chain', traded, order.filled_quantity) : []),
    ...differs('attempts that landed', landed, isFilled ? 1 : 0),
    ...differs('order of the key', command.order?.order_id, reference.orderId),
    ...differs('stage by the key', command.order?.stage, order.stage),
    ...(await clientIdFindings(scene, reference, order)),
    ...(order.intent === 'trade' ? rowFindings(row, order) : []),
    ...differs('version on the socket', channel.order(reference.orderId)?.version, order.version),
    ...channel.gaps,
  ];
}

const attemptsText = ({ attempts }: OrderDetailDto): string =>
  attempts.map(({ outcome, reason, expected_seq: seq }) => `[${seq} ${outcome} ${reason ?? ''}]`).join(' ');

async function clientIdFindings(
  { exchange, trader }: Scene,
  { clientOrderId, orderId }: OrderReference,
  order: OrderDetailDto,
): Promise<string[]> {
  if (clientOrderId === null) return [];
  const url = `${exchange.worker.url}/api/trading/orders?client_order_id=${clientOrderId}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${trader.token}` } });
  const found = (await answer.json()) as { order_id: string; stage: string }[];
  return [
    ...differs('orders of the client_order_id', found.length, 1),
    ...differs('order of the client_order_id', found[0]?.order_id, orderId),
    ...differs('stage by the client_order_id', found[0]?.stage, order.stage),
  ];
}

function rowFindings(row: Readonly<Record<string, string | null>> | null, order: OrderDetailDto): string[] {
  if (row === null) return ['the database does not have the order'];
  return [
    ...differs('status in the database', row.status, order.status),
    ...differs('stage in the database', row.stage, order.stage),
    ...differs('version in the database', row.version, String(order.version)),
    ...differs('transaction in the database', row.transaction_hash, order.transaction_hash),
    ...differs('filled in the database', sizeOf(row.filled_quantity), order.filled_quantity),
  ];
}

/** What does not agree between the chain and the projection of everything a trader did. */
export async function projectionFindings({ exchange, trader }: Scene): Promise<string[]> {
  const { chain, projection } = exchange;
  const events = await chain.eventsOf(trader.address);
  const fills = events.filter(({ name }) => fillNames.has(name));
  const liquidations = events.filter(({ name }) => name === 'positionLiquidated');
  const deposits = events.filter(({ name }) => name === 'collateralDeposited');
  const withdrawals = events.filter(({ name }) => name === 'collateralWithdrawn');
  const [fillRows, liquidationRows, transferRows, held, row, alerts] = await Promise.all([
    projection.fills(trader.address),
    projection.liquidations(trader.address),
    projection.transfers(trader.address),
    chain.position(trader.address, chaosSymbol),
    projection.positionSize(trader.address, chaosSymbol),
    projection.alerts(trader.address),
  ]);
  const size = held?.state.size ?? 0n;
  return [
    ...differs('fills in the database', signaturesOf(fillRows), signaturesOf(fills)),
    ...differs('liquidations in the database', signaturesOf(liquidationRows), signaturesOf(liquidations)),
    ...differs(
      'alerts of liquidations',
      alerts.filter(({ kind }) => kind === 'liquidated').length,
      liquidations.length,
    ),
    ...differs('transfers in the database', transferRows.length, deposits.length + withdrawals.length),
    ...differs('position in the database', sizeOf(row ?? '0'), size),
    ...(await positionFindings(trader, size)),
  ];
}

/** The account's own view, by REST. */
async function positionFindings(trader: Scene['trader'], size: bigint): Promise<string[]> {
  const positions = await trader.client.positions.list();
  const shown = positions.find(({ symbol }) => symbol === chaosSymbol)?.size ?? 0n;
  return differs('position by REST', shown, size);
}

const signaturesOf = (items: readonly { signature?: unknown; transaction_hash?: string | null }[]): string =>
  items.map((item) => String(item.signature ?? item.transaction_hash)).join(' ');

const sizeOf = (text: string | null | undefined): bigint | null =>
  text === null || text === undefined ? null : parseDecimal(text, unsignedUnit(SIZE_DECIMALS));

/** What the vault holds must be what the program owes, to the last unit. */
export async function conservationFindings({ exchange }: Pick<Scene, 'exchange'>): Promise<string[]> {
  const { owned, vault } = await exchange.chain.books();
  return differs('vault', formatDecimal(vault, QUOTE_DECIMALS), formatDecimal(owned, QUOTE_DECIMALS));
}
