/**
 * Text on its way into and out of a language model. Characters that nobody sees can carry instructions past whoever reads along, and an address
 * in an answer can carry what was read to somebody else: neither passes.
 */

/**
 * Controls but newline and tab, soft hyphens, zero-width characters, marks and overrides of direction, variation selectors, the tags of Unicode's
 * plane 14, and private use: what shows nothing.
 */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ue000-\uf8ff\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/gu;

/** A text without what nobody sees, in one form of each character (NFKC); halves of characters become U+FFFD. */
export const visibleText = (text: string): string => text.toWellFormed().normalize('NFKC').replaceAll(invisible, '');

/** Everything in a value that is text, made visible: keys and values of what a tool answered. */
export function visibleData(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value);
  if (Array.isArray(value)) return value.map(visibleData);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visibleText(key), visibleData(item)]));
}

/** What stands in place of an address. */
export const removedLink = '[link removed]';
/** A link or image of Markdown, markup, or an address: `](`, `<a`, `//`, `www.`, `data:…`. The assistant has no use for any of them. */
const address = /\]\(|<\/?[a-z!]|\/\/|\bwww\.|\b(?:data|javascript|mailto|https?|ftp|file|blob):\S/i;

/** Characters by which an address is told, the longest of them `javascript:` and one more. */
const addressSignLengthMax = 12;

/** Words of a text without addresses and markup. */
const withoutLinksIn = (words: string): string =>
  words.replaceAll(/\S+/g, (word) => (address.test(word) ? removedLink : word));

/** Characters that may wait for the end of their word. */
const wordLengthMax = 2_000;

/** Passes text on as it is streamed, word by word, without addresses, markup and what nobody sees. */
export class LinkFilter {
  #waiting = '';

  /** What is complete of the text so far. */
  push(piece: string): string {
    this.#waiting += visibleText(piece);
    const end = this.#waiting.search(/\S*$/);
    const word = this.#waiting.slice(end);
    const ready = withoutLinksIn(this.#waiting.slice(0, end));
    this.#waiting = word;
    return word.length > wordLengthMax ? ready + this.#beginning(word) : ready;
  }

  /** What may go of a word that is too long to wait for: its end stays, for an address must not pass in two halves. */
  #beginning(word: string): string {
    const shown = word.length - addressSignLengthMax;
    this.#waiting = address.test(word) ? '' : word.slice(shown);
    return address.test(word) ? removedLink : word.slice(0, shown);
  }

  /** The last word. */
  end(): string {
    const last = withoutLinksIn(this.#waiting);
    this.#waiting = '';
    return last;
  }
}

/** A whole text without addresses, markup and what nobody sees. */
export const plainText = (text: string): string => withoutLinksIn(visibleText(text));
