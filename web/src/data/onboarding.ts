import { ApiError } from '#sdk/index.ts';
import { openAccountRequest, type QuantDeskClient } from '#sdk/index.ts';
import type { Quote } from '#shared/money/units.ts';
import { createStore } from 'solid-js/store';

import { errorText } from './error-text.ts';
import type { Site } from './site.ts';
import { openDemoWallet } from './wallet/demo.ts';
import type { DeskWallet } from './wallet/types.ts';

export const onboardingSteps = ['wallet', 'signIn', 'faucet', 'account'] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];
export type StepStatus = 'waiting' | 'running' | 'done' | 'failed';

export interface Onboarding {
  status: 'idle' | 'running' | 'done' | 'failed';
  steps: Record<OnboardingStep, StepStatus>;
  error: string | undefined;
  /** What the transaction does that was signed, read from itself. */
  summary: string[];
  /** Equity of the account that the wallet had already; undefined where one was opened. */
  found: bigint | undefined;
}

export interface OnboardingParts {
  readonly client: QuantDeskClient;
  readonly site: Site;
  /** Signs in. */
  readonly enter: (wallet: DeskWallet) => Promise<void>;
  /** USDC to deposit when the account opens. */
  readonly deposit: Quote;
}

const idle: Onboarding = {
  status: 'idle',
  steps: { wallet: 'waiting', signIn: 'waiting', faucet: 'waiting', account: 'waiting' },
  error: undefined,
  summary: [],
  found: undefined,
};

/** From nothing to a funded account in one go. Who has an account is told what it holds, and nothing is drawn or moved. */
export function createOnboarding(parts: OnboardingParts) {
  const [state, setState] = createStore<Onboarding>(structuredClone(idle));

  const step = async <T>(name: OnboardingStep, run: () => Promise<T>): Promise<T> => {
    setState('steps', name, 'running');
    try {
      const result = await run();
      setState('steps', name, 'done');
      return result;
    } catch (error) {
      setState('steps', name, 'failed');
      throw error;
    }
  };

  const openAccount = async (wallet: DeskWallet) => {
    const { signAndSubmit } = await import('./transactions.ts');
    await signAndSubmit(parts.client, {
      request: openAccountRequest(parts.deposit),
      ...{ wallet, site: parts.site },
      title: '',
      onSummary: (summary) => setState('summary', [...summary]),
    });
  };

  const run = async () => {
    setState({ ...structuredClone(idle), status: 'running' });
    try {
      const wallet = await step('wallet', openDemoWallet);
      const balance = await step('signIn', async () => {
        await parts.enter(wallet);
        return parts.client.account.balance();
      });
      if (balance.account_open) return setState({ status: 'done', found: balance.total_balance });
      await step('faucet', () => drawFunds(parts.client, wallet.address));
      await step('account', () => openAccount(wallet));
      setState('status', 'done');
    } catch (error) {
      setState({ status: 'failed', error: errorText(error) });
    }
  };

  return { state, run, reset: () => setState(structuredClone(idle)) };
}

/** A wallet that drew a moment ago has its funds already. */
async function drawFunds(client: QuantDeskClient, address: string): Promise<void> {
  try {
    await client.account.faucet(address);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'RATE_002') throw error;
  }
}
