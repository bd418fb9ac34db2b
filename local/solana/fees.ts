import { ComputeBudgetProgram, Ed25519Program, Secp256k1Program, type VersionedMessage } from '@solana/web3.js';

/** What each signature of a transaction costs. */
export const lamportsPerSignature = 5_000n;

const microLamportsPerLamport = 1_000_000n;
const unitLimitPerInstruction = 200_000n;
const unitLimitOfBuiltin = 3_000n;
const unitLimitMax = 1_400_000n;
const setUnitLimit = 2;
const setUnitPrice = 3;
const secp256r1Program = 'Secp256r1SigVerify1111111111111111111111111';
const signatureVerifiers = new Set([
  Ed25519Program.programId.toBase58(),
  Secp256k1Program.programId.toBase58(),
  secp256r1Program,
]);
/** Programs built into the runtime, which get a small share of the default compute limit. */
const builtins = new Set([
  '11111111111111111111111111111111',
  'Vote111111111111111111111111111111111111111',
  'BPFLoader1111111111111111111111111111111111',
  'BPFLoader2111111111111111111111111111111111',
  'BPFLoaderUpgradeab1e11111111111111111111111',
  'LoaderV411111111111111111111111111111111111',
  ComputeBudgetProgram.programId.toBase58(),
  ...signatureVerifiers,
]);

/**
 * The fee of a message in lamports: a fixed price per signature (those that precompiled programs verify included), and
 * the compute-unit price times the compute-unit limit, rounded up.
 */
export function feeOf(message: VersionedMessage): bigint {
  let signatures = BigInt(message.header.numRequiredSignatures);
  let price = 0n;
  let limit: bigint | undefined;
  let defaultLimit = 0n;
  for (const { programIdIndex, data } of message.compiledInstructions) {
    const program = message.staticAccountKeys[programIdIndex]?.toBase58() ?? '';
    const bytes = Buffer.from(data);
    defaultLimit += builtins.has(program) ? unitLimitOfBuiltin : unitLimitPerInstruction;
    if (signatureVerifiers.has(program)) signatures += BigInt(bytes[0] ?? 0);
    if (program !== ComputeBudgetProgram.programId.toBase58()) continue;
    if (bytes[0] === setUnitLimit && bytes.length === 5) limit = BigInt(bytes.readUInt32LE(1));
    if (bytes[0] === setUnitPrice && bytes.length === 9) price = bytes.readBigUInt64LE(1);
  }
  const wanted = limit ?? defaultLimit;
  const units = wanted < unitLimitMax ? wanted : unitLimitMax;
  const priority = (units * price + microLamportsPerLamport - 1n) / microLamportsPerLamport;
  return signatures * lamportsPerSignature + priority;
}
