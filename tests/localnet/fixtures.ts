import { type AnchorProvider, type BN, type Idl, Program } from '@coral-xyz/anchor';
import { type Connection, Keypair, LAMPORTS_PER_SOL } from '@solana/web3.js';

/** A new key with 100 SOL. */
export async function fundedKeypair(connection: Connection): Promise<Keypair> {
  const keypair = Keypair.generate();
  await fund(connection, keypair);
  return keypair;
}

/** Gives a key 100 SOL. */
export async function fund(connection: Connection, keypair: Keypair): Promise<void> {
  const signature = await connection.requestAirdrop(keypair.publicKey, 100 * LAMPORTS_PER_SOL);
  await connection.confirmTransaction({ signature, ...(await connection.getLatestBlockhash()) });
}

/** The system program's transfer as an Anchor IDL: its discriminator is the instruction's number, u32 little-endian. */
const systemProgramIdl: Idl = {
  address: '11111111111111111111111111111111',
  metadata: { name: 'system', version: '1.0.0', spec: '0.1.0' },
  instructions: [
    {
      name: 'transfer',
      discriminator: [2, 0, 0, 0],
      accounts: [
        { name: 'from', writable: true, signer: true },
        { name: 'to', writable: true },
      ],
      args: [{ name: 'lamports', type: 'u64' }],
    },
  ],
};

/** Anchor's builder of a system transfer. */
export function systemTransfer(provider: AnchorProvider, lamports: BN) {
  const transfer = new Program(systemProgramIdl, provider).methods['transfer'];
  if (transfer === undefined) throw new Error('The IDL has no transfer');
  return transfer(lamports);
}

/** How long a condition may take that a busy machine brings about; no test is faster for it being short. */
const patienceMs = 30_000;

/** Waits until a condition holds; fails with what was waited for. */
export async function eventually<Value>(
  what: string,
  read: () => Value | undefined | Promise<Value | undefined>,
  msMax = patienceMs,
): Promise<Value> {
  const deadline = Date.now() + msMax;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> };
}

/** One JSON-RPC request without a client in between. */
export async function call(url: string, method: string, params: readonly unknown[] = []): Promise<RpcAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()) as RpcAnswer;
}

/** Posts a command to a control endpoint. */
export async function postControl(url: string, command: Record<string, unknown>): Promise<Response> {
  return fetch(`${url}/_control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
}
