import { parseDecimal, type DecimalUnit } from '#shared/money/decimal.ts';
import type { MicroUsd } from './contract.ts';
import list from './prices.json' with { type: 'json' };

export const microUsd = (value: bigint): MicroUsd => value as MicroUsd;

/** What a model costs, in micro-dollars (1e-6 USD) per million tokens. Output includes what a model thinks before it answers. */
export interface ModelPrices {
  readonly input: MicroUsd;
  readonly output: MicroUsd;
}

/** Tokens a price is stated for. */
const pricedTokens = 1_000_000n;
const usdDecimals = 6;

/** USD with at most 6 places, from 0 to 10,000: a price of a million tokens, or a day's budget. */
const usdUnit: DecimalUnit = { decimals: usdDecimals, min: 0n, max: 10_000n * 10n ** BigInt(usdDecimals) };

/** Dollars as text ("0.10") in micro-dollars. @throws DecimalError */
export const parseUsd = (text: string): MicroUsd => microUsd(parseDecimal(text, usdUnit));

/** The price list of a provider's own service (`prices.json`: source and date); null for a model that is not in it. */
export function listedPrices(provider: 'openai' | 'anthropic', model: string): ModelPrices | null {
  const models: Readonly<Record<string, { readonly input: string; readonly output: string }>> = list[provider].models;
  const listed = Object.hasOwn(models, model) ? models[model] : undefined;
  return listed === undefined ? null : { input: parseUsd(listed.input), output: parseUsd(listed.output) };
}

/** ceil(input × price + output × price): what a call costs at most, discounts for cached prompts left out. */
export function costOf(prices: ModelPrices, inputTokens: number, outputTokens: number): MicroUsd {
  const exact = BigInt(inputTokens) * prices.input + BigInt(outputTokens) * prices.output;
  return microUsd((exact + pricedTokens - 1n) / pricedTokens);
}
