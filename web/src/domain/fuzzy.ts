/** Where a typed text is found in another, and how well. */
export interface FuzzyMatch {
  /** Higher is better; compared only between matches of the same query. */
  readonly score: number;
  /** Positions of the matched characters, for marking them. */
  readonly at: readonly number[];
}

const wordStartScore = 8;
const consecutiveScore = 5;
const textStartScore = 6;
const gapCost = 1;
/** A far character costs no more than this: long titles are not worse for being long. */
const gapCostMax = 4;

const isWordStart = (text: string, index: number): boolean =>
  index === 0 || !/[\p{L}\p{N}]/u.test(text[index - 1] ?? '');

/** Length of the query to which matching is worth its time. */
const queryCharactersMax = 64;

/**
 * Finds the characters of the query in the text, in their order, not necessarily side by side; upper and lower case alike, blanks ignored.
 * Of all ways to find them, the best one counts: at word starts and side by side.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const wanted = query.toLowerCase().replaceAll(/\s/g, '').slice(0, queryCharactersMax);
  const searched = text.toLowerCase();
  if (wanted === '') return { score: 0, at: [] };
  // best[i]: the best match of the characters so far whose last one is at i.
  let best = new Map<number, FuzzyMatch>();
  for (const [step, character] of [...wanted].entries()) {
    const next = new Map<number, FuzzyMatch>();
    for (let index = searched.indexOf(character); index !== -1; index = searched.indexOf(character, index + 1)) {
      const match = step === 0 ? first(searched, index) : following(best, searched, index);
      if (match !== undefined) next.set(index, match);
    }
    if (next.size === 0) return undefined;
    best = next;
  }
  return [...best.values()].reduce((a, b) => (b.score > a.score ? b : a));
}

const first = (text: string, index: number): FuzzyMatch => ({
  score: (isWordStart(text, index) ? wordStartScore : 0) + (index === 0 ? textStartScore : 0),
  at: [index],
});

function following(best: ReadonlyMap<number, FuzzyMatch>, text: string, index: number): FuzzyMatch | undefined {
  let found: FuzzyMatch | undefined;
  for (const [before, match] of best) {
    if (before >= index) continue;
    const gap = index - before - 1;
    const score =
      match.score +
      (gap === 0 ? consecutiveScore : -Math.min(gap * gapCost, gapCostMax)) +
      (isWordStart(text, index) ? wordStartScore : 0);
    if (found === undefined || score > found.score) found = { score, at: [...match.at, index] };
  }
  return found;
}

export interface Searchable {
  readonly id: string;
  readonly title: string;
  /** Other words under which it is looked for; they count less than the title. */
  readonly keywords?: string;
}

export interface Ranked<T> {
  readonly item: T;
  /** Positions in the title; empty where a keyword matched. */
  readonly at: readonly number[];
}

/** A word that begins with the query: better than scattered characters of a title, not as good as the title's own beginning. */
const keywordScore = 12;
/** What was used lately comes first among equals. */
const recentScore = 3;

/** The items that match, best first. Without a query: what was used lately, then the rest as given. */
export function rankItems<T extends Searchable>(
  query: string,
  items: readonly T[],
  recentIds: readonly string[],
): Ranked<T>[] {
  const recency = (item: T): number => {
    const at = recentIds.indexOf(item.id);
    return at === -1 ? 0 : recentScore * (1 - at / recentIds.length);
  };
  if (query.trim() === '') {
    const recent = recentIds.flatMap((id) => items.find((item) => item.id === id) ?? []);
    return [...recent, ...items.filter((item) => !recent.includes(item))].map((item) => ({ item, at: [] }));
  }
  return items
    .flatMap((item) => {
      const inTitle = fuzzyMatch(query, item.title);
      const hasKeyword = startsWord(query, item.keywords ?? '');
      if (inTitle === undefined && !hasKeyword) return [];
      const byTitle = inTitle !== undefined && (!hasKeyword || inTitle.score >= keywordScore);
      const score = (byTitle ? inTitle.score : keywordScore) + recency(item);
      return [{ item, at: byTitle ? inTitle.at : [], score }];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item, at }) => ({ item, at }));
}

/** Keywords are not on screen: characters scattered over them would explain nothing, so a word has to begin as typed. */
const startsWord = (query: string, keywords: string): boolean =>
  keywords
    .toLowerCase()
    .split(' ')
    .some((word) => word.startsWith(query.trim().toLowerCase()));
