import { PublicKey } from '@solana/web3.js';
import idl from '#program/quantdesk_perp_dex.ts';

/** The program's id, as built. */
export const PROGRAM_ID = new PublicKey(idl.address);

const derive = (...seeds: (string | Uint8Array)[]): PublicKey =>
  PublicKey.findProgramAddressSync(
    seeds.map((seed) => Buffer.from(seed)),
    PROGRAM_ID,
  )[0];

/** Every address of the exchange; seeds as in `constants::seeds` of the program. */
export const addresses = {
  exchange: derive('exchange'),
  vault: derive('vault'),
  pool: derive('pool'),
  insurance: derive('insurance'),
  treasury: derive('treasury'),
  eventAuthority: derive('__event_authority'),
  market: (index: number): PublicKey => derive('market', Uint8Array.of(index)),
  user: (owner: PublicKey): PublicKey => derive('user', owner.toBytes()),
  position: (owner: PublicKey, market: PublicKey): PublicKey => derive('position', owner.toBytes(), market.toBytes()),
  lp: (owner: PublicKey): PublicKey => derive('lp', owner.toBytes()),
} as const;
