import { readFileSync } from 'node:fs';

const committed = new URL('../../../programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so', import.meta.url);

/** The committed program; `npm run program:mutants` names a broken one instead. */
export const programBytes = (): Uint8Array => readFileSync(process.env.QUANTDESK_PROGRAM ?? committed);
