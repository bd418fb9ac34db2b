import { addresses } from './addresses.ts';
import type { ProgramChain } from './chain.ts';
import { tokenBalance } from './tokens.ts';

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** Where the money is, 1e-6 USDC: what the program says is owned, and what the vault holds. */
export function books(chain: ProgramChain): { readonly owned: bigint; readonly vault: bigint } {
  const pool = chain.fetch('pool', addresses.pool);
  const markets = chain.all('market').map(({ content }) => content);
  const owned =
    pool.free +
    pool.requestedDeposits +
    chain.fetch('insurance', addresses.insurance).balance +
    chain.fetch('treasury', addresses.treasury).balance +
    sum(markets.map((market) => market.backing + market.insuranceAccrued + market.treasuryAccrued)) +
    sum(chain.all('withdrawal').map(({ content }) => content.amount)) +
    sum(chain.all('userAccount').map(({ content }) => content.collateral)) +
    sum(chain.all('position').map(({ content }) => content.state.margin));
  return { owned, vault: tokenBalance(chain, addresses.vault) };
}

const totalFields = ['size', 'entryValue', 'margin', 'reserve', 'fundingSum', 'borrowSum'] as const;

/** Differences between each market's sums and the positions in it; empty where they agree. */
export function sumDifferences(chain: ProgramChain): string[] {
  const positions = chain.all('position').map(({ content }) => content);
  return chain.all('market').flatMap(({ key, content: market }) =>
    (['long', 'short'] as const).flatMap((side) => {
      const open = positions.filter((p) => p.market === key.toBase58() && p.state.size > 0n && side in p.state.side);
      return totalFields.flatMap((field) => {
        const positionsSum = sum(open.map((position) => position.state[field]));
        return positionsSum === market[side][field]
          ? []
          : [`${side}.${field} of market ${market.index}: ${market[side][field]}, its positions ${positionsSum}`];
      });
    }),
  );
}

/** Σ shares of holders, locked and requested ones included, against the supply; null where they agree. */
export function shareDifference(chain: ProgramChain): string | null {
  const pool = chain.fetch('pool', addresses.pool);
  const held = chain.all('lpAccount').map(({ content }) => {
    const requested = 'redeem' in content.requestKind ? content.requestAmount : 0n;
    return content.shares + requested;
  });
  const total = sum(held) + pool.lockedShares;
  return total === pool.supply ? null : `shares ${total}, supply ${pool.supply}`;
}

/** Σ queued withdrawals against what Outflow says is queued; null where they agree. */
export function queueDifference(chain: ProgramChain): string | null {
  const { queued } = chain.fetch('outflow', addresses.outflow);
  const total = sum(chain.all('withdrawal').map(({ content }) => content.amount));
  return total === queued ? null : `queued ${queued}, its entries ${total}`;
}
