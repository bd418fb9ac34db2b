import { ApiError } from '#sdk/index.ts';

import { texts } from '../i18n/index.ts';
import { OutcomeUnknown } from './outcome-unknown.ts';
import { SignatureDeclined } from './signing.ts';
import { WalletRefused } from './wallet/types.ts';

/** Longer is no sentence for a person, whoever wrote it. */
const messageLengthMax = 400;

const bounded = (message: string): string =>
  message.length > messageLengthMax ? `${message.slice(0, messageLengthMax)}…` : message;

/** What to tell a person about a failure: the exchange's own words where it spoke, with the code to ask support about. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError)
    return error.status === 0 ? error.message : `${bounded(error.message)} (${bounded(error.code)})`;
  if (error instanceof OutcomeUnknown) return texts.inFlight.transactionLost;
  if (error instanceof WalletRefused || error instanceof SignatureDeclined) return bounded(error.message);
  return texts.common.unexpected;
}

/** The trader changed his mind: nothing to report. */
export const isDeclined = (error: unknown): boolean => error instanceof SignatureDeclined;
