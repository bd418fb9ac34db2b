/** Longest part of an answer read at once, characters. */
const partLengthMax = 240;

/**
 * The next part of a growing answer for a screen reader: whole sentences, so that no word is cut and nothing is read twice.
 * @param readTo characters that were read already
 * @returns the part, and up to where it goes; an empty part where there is no whole sentence yet
 */
export function nextSpoken(text: string, readTo: number, isEnded: boolean): { part: string; readTo: number } {
  const rest = text.slice(readTo);
  if (rest.trim() === '') return { part: '', readTo };
  if (isEnded && rest.length <= partLengthMax) return { part: rest.trim(), readTo: text.length };
  const window = rest.slice(0, partLengthMax);
  const sentenceEnd = [...window.matchAll(/[.!?:](?=\s)|\n/g)].at(-1);
  if (sentenceEnd !== undefined) {
    const to = sentenceEnd.index + sentenceEnd[0].length;
    return { part: window.slice(0, to).trim(), readTo: readTo + to };
  }
  // A sentence without an end in sight is read up to a word's end.
  if (rest.length < partLengthMax) return { part: '', readTo };
  const space = window.lastIndexOf(' ');
  const to = space > 0 ? space : partLengthMax;
  return { part: window.slice(0, to).trim(), readTo: readTo + to };
}
