import { PublicKey } from '@solana/web3.js';
import type { GovernedKind } from '#shared/protocol/governance.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { AccountMalformed, decodeFields } from './accounts.ts';
import type { Chain } from './chain.ts';
import { type GovernedChange, readChange, valuesOf } from './governed-change.ts';
import type { RpcAccount } from './rpc.ts';

/** Proposals looked at, the newest; each lives at most its time lock and two weeks. */
export const proposalsReadMax = 100;

/** Roles, locks and pauses of the exchange. */
export interface ChainExchange {
  readonly admin: string;
  readonly riskManager: string;
  /** Bits of the paused operations. */
  readonly pausedOperations: number;
  readonly timeLockSeconds: number;
  /** Proposals made so far; the next one takes this id. */
  readonly proposalCount: number;
}

/** A change that waits for its time. */
export interface ChainProposal {
  readonly id: number;
  /** Unix seconds. */
  readonly proposedAt: number;
  readonly executableFrom: number;
  readonly executableTo: number;
  readonly before: GovernedChange;
  readonly change: GovernedChange;
  readonly rentPayer: PublicKey;
}

/** What reading takes of the chain. */
type ChainAccess = Pick<Chain, 'rpc' | 'addresses'>;

type Holder = 'Market' | 'Exchange' | 'Outflow' | 'Insurance';

/** Whose account holds the values of a kind. */
const holderOf: Readonly<Record<GovernedKind, Holder>> = {
  market_config: 'Market',
  market_oracle: 'Market',
  exchange_limits: 'Exchange',
  outflow_limits: 'Outflow',
  insurance_topup: 'Insurance',
  roles: 'Exchange',
};

/** @throws ChainUnavailable, AccountMalformed where there is no exchange. */
export async function readExchange(chain: ChainAccess): Promise<ChainExchange> {
  const fields = await read(chain, 'Exchange', chain.addresses.exchange);
  return {
    admin: String(fields.admin),
    riskManager: String(fields.riskManager),
    pausedOperations: Number(fields.pausedOperations),
    timeLockSeconds: Number(fields.timeLockSeconds),
    proposalCount: Number(fields.proposalCount),
  };
}

/** The values of a kind as they stand now. @throws ChainUnavailable, AccountMalformed */
export async function readStanding(
  chain: ChainAccess,
  kind: GovernedKind,
  symbol: MarketSymbol | null,
): Promise<GovernedChange> {
  const holder = holderOf[kind];
  return standingIn(kind, symbol, await read(chain, holder, addressOf(chain, holder, symbol)));
}

/** The values of a kind in the decoded account that holds them. */
export const standingIn = (kind: GovernedKind, symbol: MarketSymbol | null, fields: Fields): GovernedChange => ({
  ...{ kind, symbol },
  values: valuesOf(kind, valueFields(kind, fields)),
});

/** The proposals that wait, the newest first, at most `proposalsReadMax`. @throws ChainUnavailable, AccountMalformed */
export async function readProposals(chain: ChainAccess): Promise<ChainProposal[]> {
  return readProposalsBefore(chain, (await readExchange(chain)).proposalCount);
}

/** The same where the number of proposals made so far is known. @throws ChainUnavailable, AccountMalformed */
export async function readProposalsBefore(chain: ChainAccess, proposalCount: number): Promise<ChainProposal[]> {
  const first = Math.max(0, proposalCount - proposalsReadMax);
  const ids = Array.from({ length: proposalCount - first }, (_, i) => proposalCount - 1 - i);
  if (ids.length === 0) return [];
  const { accounts } = await chain.rpc.getAccounts(ids.map((id) => chain.addresses.proposal(id).toBase58()));
  return accounts.flatMap((account) => (account === null ? [] : [proposalOf(chain, account)]));
}

/** Null where it was executed or cancelled, or never made. @throws ChainUnavailable, AccountMalformed */
export async function readProposal(chain: ChainAccess, id: number): Promise<ChainProposal | null> {
  const account = await chain.rpc.getAccount(chain.addresses.proposal(id).toBase58());
  return account === null ? null : proposalOf(chain, account);
}

function proposalOf(chain: ChainAccess, account: RpcAccount): ChainProposal {
  const fields = decodeFields('Proposal', chain.addresses.program.toBase58(), account);
  return {
    id: Number(fields.id),
    proposedAt: Number(fields.proposedAt),
    executableFrom: Number(fields.executableFrom),
    executableTo: Number(fields.executableTo),
    before: readChange(fields.before),
    change: readChange(fields.change),
    rentPayer: new PublicKey(String(fields.rentPayer)),
  };
}

async function read(chain: ChainAccess, kind: Holder, address: PublicKey) {
  const account = await chain.rpc.getAccount(address.toBase58());
  if (account === null) throw new AccountMalformed(`there is no ${kind}`);
  return decodeFields(kind, chain.addresses.program.toBase58(), account);
}

function addressOf({ addresses }: ChainAccess, holder: Holder, symbol: MarketSymbol | null): PublicKey {
  switch (holder) {
    case 'Market':
      if (symbol === null) throw new Error('parameters of a market need its symbol');
      return addresses.market(symbol);
    case 'Exchange':
      return addresses.exchange;
    case 'Outflow':
      return addresses.outflow;
    case 'Insurance':
      return addresses.insurance;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The holder's fields by the names of the proposal. */
function valueFields(kind: GovernedKind, fields: Fields): Fields {
  switch (kind) {
    case 'market_config':
      return fields.config as Fields;
    case 'market_oracle':
      return fields.oracle as Fields;
    case 'insurance_topup':
      return { capPerHour: fields.topupCapPerHour };
    default:
      return fields;
  }
}
