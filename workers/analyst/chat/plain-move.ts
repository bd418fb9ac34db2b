/** A move of a price that a question supposes: by a share of it, down where negative, or to a price in USD. */
export type AskedMove = { readonly percent: number } | { readonly price: string };

const verb =
  '(?<down>falls?|fell|drops?|dropped|loses?|lost|declines?|crash(?:es)?|sinks?|goes down|went down)|(?:rises?|rose|gains?|gained|climbs?|jumps?|goes up|went up|goes|went|is|hits?|reaches|trades)';
const supposed = new RegExp(
  `\\bif\\b.*?\\b(?:${verb})\\b\\s*(?:by|to|at|another)?\\s*\\$?(?<figure>\\d{1,9}(?:\\.\\d{1,8})?)\\s*(?<percent>%|percent|per cent)?`,
  'i',
);

/** What a question supposes of a price; null where it supposes nothing that is understood. A price can fall by all of itself at most. */
export function readMove(message: string): AskedMove | null {
  const { down, figure, percent } = supposed.exec(message)?.groups ?? {};
  if (figure === undefined) return null;
  if (percent === undefined) return Number(figure) === 0 ? null : { price: figure };
  const share = down === undefined ? Number(figure) : -Number(figure);
  return share <= -100 || share > 1_000 ? null : { percent: share };
}
