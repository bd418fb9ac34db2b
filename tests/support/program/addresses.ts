import { PublicKey } from '@solana/web3.js';
import idl from '#program/quantdesk_perp_dex.ts';
import { Addresses } from '../../../workers/chain/addresses.ts';

/** The program's id, as built. */
export const PROGRAM_ID = new PublicKey(idl.address);

/** The exchange's own derivation; no test here asks it for token accounts, so the mint is any. */
const derived = new Addresses(idl.address, idl.address);

/** Every address of the exchange, by index and address where the exchange goes by symbol. */
export const addresses = {
  exchange: derived.exchange,
  vault: derived.vault,
  pool: derived.pool,
  insurance: derived.insurance,
  treasury: derived.treasury,
  outflow: derived.outflow,
  eventAuthority: derived.eventAuthority,
  programData: derived.programData,
  market: (index: number): PublicKey => derived.marketAt(index),
  user: (owner: PublicKey): PublicKey => derived.userAccount(owner),
  position: (owner: PublicKey, market: PublicKey): PublicKey => derived.positionIn(owner, market),
  lp: (owner: PublicKey): PublicKey => derived.lpAccount(owner),
  withdrawal: (owner: PublicKey): PublicKey => derived.withdrawal(owner),
  proposal: (id: bigint): PublicKey => derived.proposal(id),
} as const;
