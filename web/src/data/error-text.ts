import { ApiError } from '#sdk/index.ts';

import { texts } from '../i18n/index.ts';
import { SignatureDeclined } from './signing.ts';
import { WalletRefused } from './wallet/types.ts';

/** What to tell a person about a failure: the exchange's own words where it spoke, with the code to ask support about. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.status === 0 ? error.message : `${error.message} (${error.code})`;
  if (error instanceof WalletRefused || error instanceof SignatureDeclined) return error.message;
  return texts.common.unexpected;
}

/** The trader changed his mind: nothing to report. */
export const isDeclined = (error: unknown): boolean => error instanceof SignatureDeclined;
