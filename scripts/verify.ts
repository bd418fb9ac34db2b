/**
 * Recomputes a fill or a liquidation from the chain and Pyth's history alone, with the mathematics the program uses:
 *
 *   npm run verify -- SIGNATURE [--rpc URL] [--hermes URL] [--program ID]
 *
 * Ends with 0 where everything is as it has to be, 1 where a figure differs, 2 where it could not be verified, 3 where every figure is
 * right but the price was not the first that the order could have had.
 */
import { parseArgs } from 'node:util';
import { ChainUnavailable, RpcRefusal } from '../workers/chain/rpc.ts';
import { defaultProgramId } from './verify/chain.ts';
import { VerificationFailure } from './verify/failure.ts';
import { isVerified, verdictLines, verifySignature } from './verify/verify.ts';

const exitCodes = { verified: 0, differs: 1, unverifiable: 2, laterPrice: 3 } as const;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rpc: { type: 'string', default: process.env['RPC_URL'] ?? 'http://127.0.0.1:8899' },
    hermes: { type: 'string', default: process.env['HERMES_URL'] ?? 'http://127.0.0.1:8890' },
    program: { type: 'string', default: process.env['PROGRAM_ID'] ?? defaultProgramId },
  },
});

async function main(signature: string): Promise<number> {
  const verdicts = await verifySignature(signature, {
    rpcUrl: flags.rpc,
    hermesUrl: flags.hermes,
    programId: flags.program,
  });
  for (const verdict of verdicts) console.log(`${verdictLines(verdict).join('\n')}\n`);
  if (!verdicts.every(isVerified)) {
    console.log('Not verified: what is marked differs. Fees and limits are recomputed with the parameters of now.');
    return exitCodes.differs;
  }
  const isLater = verdicts.some(({ isFirstEligible }) => isFirstEligible === false);
  console.log(isLater ? 'Every figure is right; the price was not the first eligible one.' : 'Verified.');
  return isLater ? exitCodes.laterPrice : exitCodes.verified;
}

const isExpected = (error: unknown): error is Error =>
  error instanceof VerificationFailure || error instanceof ChainUnavailable || error instanceof RpcRefusal;

const [signature, ...rest] = positionals;
if (signature === undefined || rest.length > 0 || !/^[1-9A-HJ-NP-Za-km-z]{64,88}$/.test(signature)) {
  console.error('npm run verify -- SIGNATURE [--rpc URL] [--hermes URL] [--program ID]');
  process.exit(exitCodes.unverifiable);
}
try {
  process.exitCode = await main(signature);
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(error.message);
  process.exitCode = exitCodes.unverifiable;
}
