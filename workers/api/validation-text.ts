import type * as z from 'zod';

type RawIssue = z.core.$ZodRawIssue;

/** Names of fields that a message repeats: they are the caller's, of any number and length. */
const namesShownMax = 5;
const nameLengthMax = 40;

/**
 * What a failed check means, in the product's words: what to give instead. Checks that carry a text of their own keep it. The words are
 * part of the contract: they do not change with a library.
 */
export function textOf(issue: RawIssue): string {
  const advice = adviceOf(issue);
  return issue.input === undefined && advice.startsWith('Give') ? `Missing. ${advice}` : advice;
}

function adviceOf(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Give ${kindOf(issue)}.`;
    case 'too_small':
      return `Give ${boundOf(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}.`;
    case 'too_big':
      return `Give ${boundOf(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}.`;
    case 'invalid_format':
      return `Give ${formats[issue.format] ?? 'text of the form that the description of this field names'}.`;
    case 'not_multiple_of':
      return `Give a multiple of ${String(issue.divisor)}.`;
    case 'unrecognized_keys':
      return `There is no field ${namesOf(issue.keys)} here.`;
    case 'invalid_value':
      return `Give ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? `Give one of ${issue.options.map(String).join(', ')}.`
        : 'Give one of the forms that the description of this field names.';
    case 'invalid_key':
    case 'invalid_element':
      return 'Give fields and values as the description of this field names them.';
    default:
      return 'Give what the description of this field names.';
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
};

const kindOf = (issue: { readonly expected?: string; readonly format?: string }): string =>
  issue.format === 'safeint' ? 'a whole number' : (kinds[issue.expected ?? ''] ?? 'a value of another kind');

const formats: Readonly<Record<string, string>> = {
  uuid: 'an id like 6f1c2b1e-6c1b-4b1e-9b1a-0c1d2e3f4a5b',
  datetime: 'a time in UTC like 2026-01-31T12:00:00Z',
  email: 'an e-mail address',
  url: 'a URL',
  base64: 'text in base64',
};

const units: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item' };

function boundOf(issue: { readonly origin?: string }, relation: string, bound: unknown): string {
  const unit = units[issue.origin ?? ''];
  const counted = unit === undefined ? '' : ` ${unit}${Number(bound) === 1 ? '' : 's'}`;
  return `${relation} ${String(bound)}${counted}`;
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, namesShownMax).map((name) => `"${shortened(name)}"`);
  return shown.join(', ') + (names.length > namesShownMax ? ` and ${names.length - namesShownMax} more` : '');
}

/** A caller's own name of something, cut so that a message stays a message. */
export const shortened = (name: string): string =>
  name.length > nameLengthMax ? `${name.slice(0, nameLengthMax)}…` : name;
