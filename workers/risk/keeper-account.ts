import type { PublicKey } from '@solana/web3.js';
import { decodeUserAccount } from '../chain/accounts.ts';
import type { Chain } from '../chain/chain.ts';
import { systemClock } from '../platform/clock.ts';

/** How long it is taken for granted that the keeper has no account. */
const absentMsMax = 60_000;

const known = new WeakMap<Chain, { readonly exists: boolean; readonly readAtMs: number }>();

/**
 * The keeper, where it has a trading account that can take the reward of a liquidation of `owner`; null where it has none, or is the owner:
 * then the share stays with insurance. Accounts are never closed, so one that was seen is there for good.
 */
export async function keeperAccount(chain: Chain, owner: PublicKey): Promise<PublicKey | null> {
  if (owner.equals(chain.keeper)) return null;
  const last = known.get(chain);
  const now = systemClock.nowMs();
  if (last?.exists === true || (last !== undefined && now - last.readAtMs < absentMsMax)) {
    return last.exists ? chain.keeper : null;
  }
  const account = await chain.rpc.getAccount(chain.addresses.userAccount(chain.keeper).toBase58());
  const exists = account !== null && decodeUserAccount(chain.addresses.program.toBase58(), account).owner !== '';
  known.set(chain, { exists, readAtMs: now });
  return exists ? chain.keeper : null;
}
