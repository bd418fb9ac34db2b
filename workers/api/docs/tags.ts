import type { Operation } from '../operation.ts';

/** The groups of operations, in the order of the reference. */
export const tagGuides: Readonly<Record<Operation['tag'], string>> = {
  Authentication: 'A wallet signs in by signing a text; nothing else proves who you are.',
  Users: 'Your profile and standing.',
  'Market Data': 'Public: prices, candles, parameters, and what is allowed now.',
  Trading: 'Orders, positions, and the transactions that your wallet signs.',
  Portfolio: 'Your money.',
  Pool: 'The liquidity pool that is the other side of every trade.',
  Risk: 'Warnings, and what may be liquidated.',
  Assistant:
    'MIKEY: analyses of markets, answers to questions, and how often it was right. It proposes and never acts.',
  Administration: 'For operators: wallets listed in the configuration, each action with a fresh signature.',
  System: 'Configuration, health, and test funds.',
};

export const tagsInOrder = Object.keys(tagGuides) as Operation['tag'][];
