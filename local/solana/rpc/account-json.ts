import bs58 from 'bs58';
import { z } from 'zod';
import type { ChainAccount } from '../account.ts';
import { tokenAmount, tokenHolding, tokenMint } from '../token.ts';
import { RpcError, rpcErrorCodes } from './rpc-error.ts';

const base58BytesMax = 128;

export const accountEncoding = z.enum(['base58', 'base64', 'jsonParsed']);
export const dataSlice = z.object({ offset: z.int().min(0), length: z.int().min(0) });

export interface AccountView {
  readonly encoding?: z.infer<typeof accountEncoding> | undefined;
  readonly dataSlice?: z.infer<typeof dataSlice> | undefined;
}

type AccountReader = (key: string) => ChainAccount | undefined;

/** An account as the RPC writes it; null where there is none. */
export function accountJson(account: ChainAccount | undefined, view: AccountView, read: AccountReader): unknown {
  if (account === undefined) return null;
  return {
    lamports: Number(account.lamports),
    owner: account.owner,
    executable: account.executable,
    rentEpoch: 0,
    space: account.data.length,
    data: dataJson(account, view, read),
  };
}

function dataJson(account: ChainAccount, view: AccountView, read: AccountReader): unknown {
  const parsed = view.encoding === 'jsonParsed' ? parsedData(account, read) : undefined;
  if (parsed !== undefined) return parsed;
  const { offset, length } = view.dataSlice ?? { offset: 0, length: account.data.length };
  const bytes = Buffer.from(account.data).subarray(offset, offset + length);
  if (view.encoding !== 'base58') return [bytes.toString('base64'), 'base64'];
  if (bytes.length > base58BytesMax) {
    const message = `Encoded binary (base 58) data should be less than ${base58BytesMax} bytes, please use Base64 encoding.`;
    throw new RpcError(rpcErrorCodes.invalidRequest, message);
  }
  return [bs58.encode(bytes), 'base58'];
}

/** Token accounts and mints in readable form; anything else has no parser and stays base64. */
function parsedData(account: ChainAccount, read: AccountReader): unknown {
  const wrap = (type: string, info: unknown) => {
    return { program: 'spl-token', parsed: { type, info }, space: account.data.length };
  };
  const holding = tokenHolding(account);
  if (holding !== undefined) {
    const decimals = tokenMint(read(holding.mint))?.decimals ?? 0;
    const { mint, owner, state, delegate, closeAuthority, native } = holding;
    return wrap('account', {
      ...{ mint, owner, state, isNative: native !== undefined },
      tokenAmount: tokenAmount(holding.amount, decimals),
      ...(native === undefined ? {} : { rentExemptReserve: tokenAmount(native, 9) }),
      ...(closeAuthority === undefined ? {} : { closeAuthority }),
      ...(delegate === undefined
        ? {}
        : { delegate: delegate.address, delegatedAmount: tokenAmount(delegate.amount, decimals) }),
    });
  }
  const mint = tokenMint(account);
  if (mint === undefined) return undefined;
  return wrap('mint', {
    decimals: mint.decimals,
    supply: String(mint.supply),
    isInitialized: mint.initialized,
    mintAuthority: mint.mintAuthority ?? null,
    freezeAuthority: mint.freezeAuthority ?? null,
  });
}
