import { numberAtEnd, type CitedValue } from '#shared/cited-figure.ts';

export type { CitedValue };

/** A piece of an answer: text as it is shown, or the mark of a figure. */
export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'citation';
      /** Of the figure. */
      readonly id: string;
      /** Counted from 1 by first mention, the same for each mention of a figure. */
      readonly number: number;
      /** What stands right before it; null where that is no number. */
      readonly cited: CitedValue | null;
    };

/** Longest id of a figure, characters. */
const idLengthMax = 48;
/** Pieces of one text; what follows is shown as it is. */
const piecesMax = 400;

const citationPattern = new RegExp(`\\s*\\[([a-z][a-z0-9_]{0,${idLengthMax - 1}})\\](?!\\()`, 'g');

/**
 * Takes the citations (`[figure_id]`) out of an answer. Nothing else of it means anything: markup, links and images of a model stay the
 * characters they are.
 */
export function readCitations(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  const numbers = new Map<string, number>();
  let from = 0;
  for (const match of text.matchAll(citationPattern)) {
    if (pieces.length >= piecesMax) break;
    const id = match[1] ?? '';
    const before = text.slice(from, match.index);
    if (before !== '') pieces.push({ kind: 'text', text: before });
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    pieces.push({ kind: 'citation', id, number, cited: numberAtEnd(before) });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

/** Sentences of a paragraph, where a text comes without paragraphs of its own; the first, which answers, stands alone. */
const sentencesPerParagraph = 2;
/** A number and its unit stay on one line, and its minus is one. */
const withFigures = (text: string): string =>
  text.replace(/(\d) (%|bps|USDC?)(?![A-Za-z])/g, '$1\u00a0$2').replace(/(^|[\s(])-(?=\d)/g, '$1−');

/** An answer in paragraphs, its marks numbered through all of them. What was shown as a paragraph stays one while more comes. */
export function readParagraphs(text: string): TextPiece[][] {
  const paragraphs: TextPiece[][] = [[]];
  for (const piece of readCitations(withFigures(brokenUp(text)))) {
    if (piece.kind === 'citation') {
      paragraphs.at(-1)?.push(piece);
      continue;
    }
    for (const [at, line] of piece.text.split(/\n+/).entries()) {
      if (at > 0) paragraphs.push([]);
      if (line !== '') paragraphs.at(-1)?.push({ kind: 'text', text: line });
    }
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

function brokenUp(text: string): string {
  if (text.includes('\n')) return text;
  return text
    .split(/(?<=[.!?])\s+(?=[A-Z])/)
    .map((sentence, at) => (at === 0 ? '' : at % sentencesPerParagraph === 1 ? '\n' : ' ') + sentence)
    .join('');
}

/** The ids of the figures a text cites, each once, in the order of their numbers. */
export const citedIds = (text: string): string[] => [
  ...new Set(readCitations(text).flatMap((piece) => (piece.kind === 'citation' ? [piece.id] : []))),
];

/** An answer as it is read aloud: without its marks. */
export const withoutCitations = (text: string): string => text.replace(citationPattern, '');
