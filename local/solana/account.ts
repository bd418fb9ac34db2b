/** An account of the chain. An account without lamports does not exist. */
export interface ChainAccount {
  /** Base58. */
  readonly address: string;
  readonly lamports: bigint;
  /** Program that may change it, base58. */
  readonly owner: string;
  readonly data: Uint8Array;
  readonly executable: boolean;
}

/** True when nothing a client can see differs. */
export function sameAccount(a: ChainAccount | undefined, b: ChainAccount | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const sameHead = a.lamports === b.lamports && a.owner === b.owner && a.executable === b.executable;
  return sameHead && Buffer.compare(a.data, b.data) === 0;
}
