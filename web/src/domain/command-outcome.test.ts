import { ApiError } from '#sdk/index.ts';
import { expect, test } from 'vitest';

import { commandQuestions, isAnswerLost, nextQuestion } from './command-outcome.ts';

const error = (status: number, code: string) => new ApiError({ status, code, message: '', retryable: false });

test('an answer is lost where the command may have taken effect all the same', () => {
  expect(isAnswerLost(error(0, 'CLIENT_TIMEOUT'))).toBe(true);
  expect(isAnswerLost(error(0, 'CLIENT_NETWORK'))).toBe(true);
  expect(isAnswerLost(error(200, 'CLIENT_BAD_ANSWER'))).toBe(true);
  expect(isAnswerLost(error(503, 'SYSTEM_002'))).toBe(true);
});

test('a refusal is an answer', () => {
  expect(isAnswerLost(error(422, 'TRADING_002'))).toBe(false);
  expect(isAnswerLost(error(503, 'ORACLE_001'))).toBe(false);
  expect(isAnswerLost(error(0, 'CLIENT_ABORTED'))).toBe(false);
  expect(isAnswerLost(new Error('a mistake of this page'))).toBe(false);
});

test('questions are asked with growing pauses, a bounded number of times', () => {
  expect(nextQuestion(0, 0)).toEqual({ kind: 'ask', afterMs: 500 });
  expect(nextQuestion(6, 0)).toEqual({ kind: 'ask', afterMs: commandQuestions.pauseMsMax });
  expect(nextQuestion(commandQuestions.askedMax, 0)).toEqual({ kind: 'giveUp' });
});

test('a command that the exchange does not know after three questions was never received', () => {
  expect(nextQuestion(3, 2).kind).toBe('ask');
  expect(nextQuestion(3, 3)).toEqual({ kind: 'absent' });
});
