import type { CardWords } from '../../domain/share-card-words.ts';
import type { Direction } from '../../domain/format.ts';
import { shareTexts } from '../../i18n/share.ts';

/** Pixels of the picture: what networks show whole. */
export const cardSize = { width: 1200, height: 630 } as const;

/** Pixels from the edges. */
const edge = 72;
/** Pixels of the arrow of the main figure, and from it to the figure. */
const arrow = { width: 54, height: 46, gap: 24 } as const;

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Colours and typeface of the page's theme as it is now. */
const readLook = () => ({
  page: token('--page'),
  panel: token('--panel'),
  line: token('--line'),
  ink: token('--ink'),
  ink2: token('--ink-2'),
  ink3: token('--ink-3'),
  accent: token('--accent'),
  up: token('--up'),
  upSoft: token('--up-soft'),
  down: token('--down'),
  downSoft: token('--down-soft'),
  raised: token('--raised'),
  face: token('--face'),
});
type Look = ReturnType<typeof readLook>;

const toneOf = (look: Look, direction: Direction): string =>
  direction === 'up' ? look.up : direction === 'down' ? look.down : look.ink;

/** A pen on the picture. */
interface Pen {
  readonly on: CanvasRenderingContext2D;
  readonly look: Look;
}

/** Writes a text with its baseline at `y`, and returns where it ends. */
function write({ on, look }: Pen, text: string, x: number, y: number, font: string, colour: string): number {
  on.font = `${font} ${look.face}`;
  on.fillStyle = colour;
  on.fillText(text, x, y);
  return x + on.measureText(text).width;
}

/** The largest size, in pixels, at which a text is no wider than the room. */
function fitting({ on, look }: Pen, text: string, weight: number, sizeMax: number, room: number): number {
  on.font = `${weight} ${sizeMax}px ${look.face}`;
  return Math.min(sizeMax, Math.floor((sizeMax * room) / on.measureText(text).width));
}

function box({ on }: Pen, [x, y, width, height]: readonly [number, number, number, number], colour: string): void {
  on.fillStyle = colour;
  on.beginPath();
  on.roundRect(x, y, width, height, 10);
  on.fill();
}

/** The three candles of the product's sign, on a grid of 32. */
const signCandles = [
  { x: 8, wick: [8, 24], body: [13, 21], isMiddle: false },
  { x: 16, wick: [6.5, 25.5], body: [10, 21], isMiddle: true },
  { x: 24, wick: [8, 24], body: [12.5, 19.5], isMiddle: false },
] as const;

function drawSign({ on, look }: Pen, left: number, top: number, unit: number): void {
  for (const { x, wick, body, isMiddle } of signCandles) {
    on.fillStyle = isMiddle ? look.accent : look.ink3;
    for (const [from, to] of [
      [wick[0], body[0]],
      [body[1], wick[1]],
    ] as const)
      on.fillRect(left + (x - 0.9) * unit, top + from * unit, 1.8 * unit, (to - from) * unit);
    on.beginPath();
    on.roundRect(left + (x - 2.7) * unit, top + body[0] * unit, 5.4 * unit, (body[1] - body[0]) * unit, 1.4 * unit);
    on.fill();
  }
}

/** A word on a ground of its own; returns where it ends. */
function drawTag(pen: Pen, text: string, x: number, y: number, colours: readonly [string, string]): number {
  const [ink, ground] = colours;
  pen.on.font = `600 30px ${pen.look.face}`;
  const width = pen.on.measureText(text).width + 36;
  box(pen, [x, y - 38, width, 54], ground);
  write(pen, text, x + 18, y, '600 30px', ink);
  return x + width + 14;
}

function drawGround(pen: Pen, direction: Direction): void {
  const { on, look } = pen;
  on.fillStyle = look.page;
  on.fillRect(0, 0, cardSize.width, cardSize.height);
  box(pen, [24, 24, cardSize.width - 48, cardSize.height - 48], look.panel);
  box(pen, [24, 24, 10, cardSize.height - 48], direction === 'flat' ? look.accent : toneOf(look, direction));
  on.save();
  on.globalAlpha = 0.1;
  drawSign(pen, 720, 60, 15);
  on.restore();
}

function drawHead(pen: Pen, words: CardWords): void {
  const { look } = pen;
  drawSign(pen, edge - 12, 66, 1.8);
  write(pen, shareTexts.product, edge + 56, 106, '650 34px', look.ink);
  pen.on.textAlign = 'right';
  write(pen, words.at, cardSize.width - edge, 106, '450 26px', look.ink2);
  pen.on.textAlign = 'left';
  let x = write(pen, words.market, edge, 212, '650 54px', look.ink) + 24;
  const soft = words.sideTone === 'up' ? look.upSoft : look.downSoft;
  x = drawTag(pen, words.side, x, 207, [toneOf(look, words.sideTone), soft]);
  if (words.leverage !== undefined) x = drawTag(pen, words.leverage, x, 207, [look.ink, look.raised]);
  drawTag(pen, words.stage, x, 207, [look.ink2, look.raised]);
}

/** A sign beside the colour; returns the room it took. */
function drawArrow({ on, look }: Pen, direction: Direction): number {
  if (direction === 'flat') return 0;
  const [middle, base, tip] = [edge + arrow.width / 2, 380, 380 - arrow.height];
  const [from, to] = direction === 'up' ? [base, tip] : [tip, base];
  on.fillStyle = toneOf(look, direction);
  on.beginPath();
  on.moveTo(edge, from);
  on.lineTo(edge + arrow.width, from);
  on.lineTo(middle, to);
  on.fill();
  return arrow.width + arrow.gap;
}

function drawFigures(pen: Pen, { main, facts }: CardWords): void {
  const { on, look } = pen;
  write(pen, main.label, edge, 280, '450 28px', look.ink3);
  const room = cardSize.width - 2 * edge;
  const x = edge + drawArrow(pen, main.direction);
  const size = fitting(pen, main.value, 650, 124, room - arrow.width - arrow.gap);
  write(pen, main.value, x, 400, `650 ${size}px`, toneOf(look, main.direction));
  if (facts.length === 0) return;
  on.fillStyle = look.line;
  on.fillRect(edge, 458, room, 2);
  const column = room / Math.max(facts.length, 3);
  facts.forEach(({ label, value }, at) => {
    const x = edge + at * column;
    write(pen, label, x, 505, '450 26px', look.ink3);
    write(pen, value, x, 552, `600 ${fitting(pen, value, 600, 36, column - 20)}px`, look.ink);
  });
}

/** Draws a card in the page's theme. @throws where the browser has no canvas to draw on. */
export async function drawCard(canvas: HTMLCanvasElement, words: CardWords): Promise<void> {
  const look = readLook();
  const on = canvas.getContext('2d');
  if (on === null) throw new Error('no canvas');
  // A typeface that nothing on the page has used at this weight is fetched first; without it the next one is drawn.
  await document.fonts.load(`600 36px ${look.face}`).catch(() => undefined);
  Object.assign(canvas, cardSize);
  const pen = { on, look };
  drawGround(pen, words.main.direction);
  drawHead(pen, words);
  drawFigures(pen, words);
}

/** The picture as a file. @throws where the browser cannot write one. */
export const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob === null ? fail(new Error('no picture')) : done(blob)), 'image/png'),
  );
