import type { Program } from '@coral-xyz/anchor';
import bs58 from 'bs58';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';

/** Where an account keeps the version of its layout: after its discriminator. */
const versionOffset = 8;
/** The layout that `migrate_account` reads. */
const oldVersion = 1;

/** Brings what an older program wrote to the present layout: the local chain keeps its accounts, and gets the new program. */
export async function migrateAccounts(program: Program<QuantdeskPerpDex>): Promise<void> {
  const filters = [{ memcmp: { offset: versionOffset, bytes: bs58.encode(Uint8Array.of(oldVersion)) } }];
  const old = await program.provider.connection.getProgramAccounts(program.programId, { filters });
  for (const { pubkey } of old) await program.methods.migrateAccount().accountsPartial({ account: pubkey }).rpc();
}
