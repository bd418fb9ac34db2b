import { PublicKey, SystemProgram } from '@solana/web3.js';
import { createInitializeMint2Instruction, MINT_SIZE } from '@solana/spl-token';
import { TOKEN_PROGRAM } from '../../workers/chain/addresses.ts';
import { type PlanContext, type PlanItem, refused, transactionStep, unchanged } from './plan-item.ts';
import { quantityText, solUnit } from './quantities.ts';

const usdcDecimals = 6;
/** What an account of a mint's size has to hold to stay: two years of rent, as the runtime counts it. */
const rentLamports = (bytes: number): number => (128 + bytes) * 6_960;

/** The program's bytes and who may replace them. */
export function planProgram({ wanted, state, artifact, toolsMissing }: PlanContext): PlanItem {
  const subject = `program ${wanted.program.id}`;
  const { program } = state;
  if (artifact === null) return refused(subject, `there is no ${wanted.program.artifact}: build it first`);
  const short = artifact.sha256.slice(0, 16);
  if (program !== null && program.upgradeAuthority !== wanted.program.upgrade_authority) {
    const holder = program.upgradeAuthority ?? 'nobody: the program is final';
    return refused(
      subject,
      `upgrade authority ${holder} → ${wanted.program.upgrade_authority}: frozen here; who holds it hands it over: solana program set-upgrade-authority`,
    );
  }
  if (program?.sha256 === artifact.sha256) return unchanged(subject, `${artifact.path}, sha256 ${short}…`);
  const change = `sha256 ${program === null ? 'none' : `${program.sha256.slice(0, 16)}…`} → ${short}… (${artifact.path})`;
  if (wanted.cluster === 'mainnet' && artifact.isCommitted) {
    return refused(
      subject,
      change,
      'this build is for local networks: without feature mainnet, not by the official tools, not audited; build with both and name it in PROGRAM_ARTIFACT',
    );
  }
  if (wanted.cluster === 'localnet')
    return refused(subject, change, 'the local network installs its program when it starts: start it again');
  if (toolsMissing !== null) return refused(subject, change, toolsMissing);
  // The first deployment is signed by the program's own key too.
  const signers = [wanted.program.upgrade_authority, ...(program === null ? [wanted.program.id] : [])];
  const step = {
    ...{ id: 'program: deploy', signers, notBefore: 0, needsPrice: false },
    deed: { kind: 'deploy' } as const,
  };
  return { subject, outcome: program === null ? 'create' : 'change', details: [change], steps: [step] };
}

/** Accounts of an older layout, brought to the present one. */
export function planLayout({ state, chain }: PlanContext): PlanItem[] {
  const { oldAccounts } = state;
  if (oldAccounts.length === 0) return [];
  return [
    {
      subject: 'layout of accounts',
      outcome: 'change',
      details: [
        `${oldAccounts.length} accounts from layout 1 → 2`,
        'what they hold is compared with the file afterwards',
      ],
      steps: oldAccounts.map((account) =>
        transactionStep(`migrate ${account}`, [], () => [
          chain.instructions.role('migrate_account', { account: new PublicKey(account) }, null),
        ]),
      ),
    },
  ];
}

/** SOL of no worth for the keys of a test network. */
export function planAirdrop({ wanted, state }: PlanContext): PlanItem[] {
  const { airdrop } = wanted;
  if (airdrop === undefined) return [];
  const poor = airdrop.accounts.filter((account) => (state.lamports.get(account) ?? 0n) < airdrop.below);
  const subject = `airdrop to ${airdrop.accounts.length} accounts`;
  if (poor.length === 0) return [unchanged(subject, `each has ${quantityText(airdrop.below, solUnit)} at least`)];
  return [
    {
      ...{ subject, outcome: 'change' },
      details: poor.map((account) => `${account} gets ${quantityText(airdrop.amount, solUnit)}`),
      steps: [
        {
          ...{ id: 'airdrop', signers: [], notBefore: 0, needsPrice: false },
          deed: { kind: 'airdrop', accounts: poor, lamports: airdrop.amount },
        },
      ],
    },
  ];
}

/** The token of every balance. */
export function planMint({ wanted, state }: PlanContext): PlanItem {
  const { mint, mint_authority: authority } = wanted.usdc;
  const subject = `USDC ${mint}`;
  if (state.mintDecimals === usdcDecimals) return unchanged(subject);
  if (state.mintDecimals !== null)
    return refused(subject, `it has ${state.mintDecimals} decimals; the program takes ${usdcDecimals}`);
  if (authority === undefined)
    return refused(subject, 'there is no such mint on this cluster, and no usdc.mint_authority to make a test token');
  const mintKey = new PublicKey(mint);
  const create = transactionStep('usdc: create mint', [mint], (payer) => [
    SystemProgram.createAccount({
      ...{ fromPubkey: payer, newAccountPubkey: mintKey, programId: TOKEN_PROGRAM },
      ...{ space: MINT_SIZE, lamports: rentLamports(MINT_SIZE) },
    }),
    createInitializeMint2Instruction(mintKey, usdcDecimals, new PublicKey(authority), null),
  ]);
  return { subject, outcome: 'create', details: [`a test token; ${authority} mints it`], steps: [create] };
}
