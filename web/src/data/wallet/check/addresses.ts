import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { ed25519 } from '@noble/curves/ed25519.js';
import bs58 from 'bs58';

const associatedTokenProgram = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
const tokenProgram = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA';
const derivedMarker = new TextEncoder().encode('ProgramDerivedAddress');
const bumpMax = 255;

/** No private key belongs to a derived address: it is no point of the curve. */
function isOnCurve(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));

/** The address that a program derives from seeds, as `findProgramAddress` of Solana: the first off the curve, counting the bump down. */
async function derive(seeds: readonly Uint8Array[], program: string): Promise<string> {
  for (let bump = bumpMax; bump >= 0; bump -= 1) {
    const preimage = joined([...seeds, Uint8Array.of(bump), bs58.decode(program), derivedMarker]);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', preimage));
    if (!isOnCurve(digest)) return bs58.encode(digest);
  }
  throw new Error('no address can be derived');
}

export interface AddressParts {
  readonly program: string;
  readonly usdcMint: string;
  readonly owner: string;
  /** The exchange's account that pays fees and rent. */
  readonly payer: string;
  readonly symbol: MarketSymbol | undefined;
}

/** The only address that an account of this name may have in an instruction for this wallet; undefined for a name that is not known. */
export async function addressOf(name: string, parts: AddressParts): Promise<string | undefined> {
  const { program, usdcMint, symbol } = parts;
  const owner = bs58.decode(parts.owner);
  const own = (seed: string, ...rest: Uint8Array[]) => derive([new TextEncoder().encode(seed), ...rest], program);
  switch (name) {
    case 'owner':
      return parts.owner;
    case 'payer':
      return parts.payer;
    case 'program':
      return program;
    case 'event_authority':
      return own('__event_authority');
    case 'exchange':
    case 'vault':
    case 'pool':
    case 'outflow':
      return own(name);
    case 'user_account':
      return own('user', owner);
    case 'lp_account':
      return own('lp', owner);
    case 'withdrawal':
      return own('withdrawal', owner);
    case 'position': {
      if (symbol === undefined) return undefined;
      const market = await own('market', Uint8Array.of(marketOf(symbol).index));
      return own('position', owner, bs58.decode(market));
    }
    case 'source':
    case 'destination':
      return derive([owner, bs58.decode(tokenProgram), bs58.decode(usdcMint)], associatedTokenProgram);
    default:
      return undefined;
  }
}
