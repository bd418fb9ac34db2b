import type { Operation } from '../operation.ts';
import recorded from './answers.json' with { type: 'json' };
import { guides } from './guides/index.ts';
import { operationKey, type ExampleJson } from './guide.ts';

/** What a real exchange answered to the examples, recorded by the test that sends them. */
const answers: Readonly<Partial<Record<string, unknown>>> = recorded;

/** A variable is shown as something of its kind. */
const sampleValues: Readonly<Record<string, string>> = {
  WALLET: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
  ORDER_ID: 'cb1f4f0a-7a1b-4d0b-9c55-0f4f8f3f9a11',
  POSITION_ID: '2b0c36c5-6f0f-5f86-8d0d-3a6f3d0f5b60',
  USER_ID: '6b7bb2d2-9f59-4a24-8a55-2b66e6b6c1ad',
  SESSION_ID: '4f0c2a4e-5b7e-4c39-8d0e-5d1f4a0f9b1c',
  DEAD_LETTER_ID: '8e3a1c55-0b0c-4d2f-9b8e-2f0a7c1d4e6f',
  TRANSACTION_HASH: '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW',
  SIGNATURE: '3HyLpvzFjdxVjpzdCrR1FGCGkPTfSUAb4BxEBqQLiHZEYVyTxGPKjg4pWLvH6KCeNPmPXGdtQcF2hNbDyr1bLtRn',
  MESSAGE: 'The text that POST /api/auth/nonce gave, unchanged',
  REFRESH_TOKEN: 'The refresh_token of the last answer',
  SIGNED_TRANSACTION: 'AQAB',
  STEP_UP_TOKEN: 'The step_up_token of POST /api/auth/step-up',
};

function sampled(value: ExampleJson): ExampleJson {
  if (typeof value === 'string') return value.startsWith('$') ? (sampleValues[value.slice(1)] ?? value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sampled);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, sampled(item)]));
}

type Example = { readonly example?: unknown };

export function requestExample(operation: Operation): Example {
  const body = guides[operationKey(operation)]?.example.body;
  return body === undefined ? {} : { example: sampled(body) };
}

export function parameterExample(operation: Operation, place: 'path' | 'query', name: string): Example {
  const example = guides[operationKey(operation)]?.example;
  const value = (place === 'path' ? example?.params : example?.query)?.[name];
  return value === undefined ? {} : { example: sampled(value) };
}

export function answerExample(operation: Operation): Example {
  const answer = answers[operationKey(operation)];
  return answer === undefined ? {} : { example: answer };
}
