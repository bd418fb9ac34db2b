import { PublicKey } from '@solana/web3.js';
import idl from '#program/quantdesk_perp_dex.ts';

/** The program's id, as built. */
export const PROGRAM_ID = new PublicKey(idl.address);

/** Derived addresses kept; finding one costs more than running a transaction. */
const derivedMax = 10_000;
const derived = new Map<string, PublicKey>();

function derive(...seeds: (string | Uint8Array)[]): PublicKey {
  const bytes = seeds.map((seed) => Buffer.from(seed));
  const name = bytes.map((seed) => seed.toString('hex')).join(':');
  const known = derived.get(name);
  if (known !== undefined) return known;
  const [found] = PublicKey.findProgramAddressSync(bytes, PROGRAM_ID);
  if (derived.size >= derivedMax) derived.clear();
  derived.set(name, found);
  return found;
}

/** Every address of the exchange; seeds as in `constants::seeds` of the program. */
export const addresses = {
  exchange: derive('exchange'),
  vault: derive('vault'),
  pool: derive('pool'),
  insurance: derive('insurance'),
  treasury: derive('treasury'),
  outflow: derive('outflow'),
  eventAuthority: derive('__event_authority'),
  market: (index: number): PublicKey => derive('market', Uint8Array.of(index)),
  user: (owner: PublicKey): PublicKey => derive('user', owner.toBytes()),
  position: (owner: PublicKey, market: PublicKey): PublicKey => derive('position', owner.toBytes(), market.toBytes()),
  lp: (owner: PublicKey): PublicKey => derive('lp', owner.toBytes()),
  withdrawal: (owner: PublicKey): PublicKey => derive('withdrawal', owner.toBytes()),
  proposal: (id: bigint): PublicKey => {
    const seed = Buffer.alloc(8);
    seed.writeBigUInt64LE(id);
    return derive('proposal', seed);
  },
} as const;
