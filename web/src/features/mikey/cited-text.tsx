import type { MarketSymbol } from '#shared/markets.ts';
import type { FigureDto } from '#shared/protocol/ai.ts';
import { Index, Show, createMemo, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { figureCited, figureText, isMisquoted, valueOf } from '../../domain/mikey/analysis-view.ts';
import { citationTarget, nameOfFigure } from '../../domain/mikey/citation-target.ts';
import { readParagraphs, type TextPiece } from '../../domain/mikey/citations.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { useWays } from './use-place.ts';

type Citation = Extract<TextPiece, { kind: 'citation' }>;

/** A text as characters and nothing else, in paragraphs, its citations as small keys that show what they speak of. */
export function CitedText(props: {
  readonly text: string;
  readonly symbol: MarketSymbol | null;
  readonly figures?: readonly FigureDto[];
}): JSX.Element {
  const paragraphs = createMemo(() => readParagraphs(props.text));
  return (
    <div class="mikey-text">
      <Index each={paragraphs()}>
        {(pieces) => (
          <p>
            <Index each={pieces()}>
              {(piece) => (
                <Show when={asCitation(piece())} fallback={textOf(piece())}>
                  {(citation) => (
                    <CitationKey
                      citation={citation()}
                      symbol={props.symbol}
                      figure={figureCited(props.figures ?? [], citation())}
                    />
                  )}
                </Show>
              )}
            </Index>
          </p>
        )}
      </Index>
    </div>
  );
}

const asCitation = (piece: TextPiece): Citation | undefined => (piece.kind === 'citation' ? piece : undefined);
const textOf = (piece: TextPiece): string => (piece.kind === 'text' ? piece.text : '');

/** The mark of a figure; behind it what the exchange counted, where the text gives another number. */
export function CitationKey(props: {
  readonly citation: Citation;
  readonly symbol: MarketSymbol | null;
  readonly figure: FigureDto | undefined;
}): JSX.Element {
  const counted = () => (isMisquoted(props.citation.cited, props.figure) ? props.figure : undefined);
  return (
    <>
      <Mark {...props} />
      <Show when={counted()}>
        {(figure) => (
          <span class="text-warn" data-testid="misquoted">
            {' '}
            {mikeyTexts.citation.misquoted(figureText(figure()))}
          </span>
        )}
      </Show>
    </>
  );
}

/** The number of a figure; pressed, it shows on the desk what the figure speaks of. */
function Mark(props: {
  readonly citation: Citation;
  readonly symbol: MarketSymbol | null;
  readonly figure: FigureDto | undefined;
}): JSX.Element {
  const assistant = useAssistant();
  const ways = useWays();
  const t = mikeyTexts.citation;
  const label = () => props.figure?.label ?? nameOfFigure(props.citation.id);
  const target = createMemo(() => {
    const cited = props.figure === undefined ? props.citation.cited : valueOf(props.figure);
    return props.symbol === null ? undefined : citationTarget(props.citation.id, props.symbol, cited, label());
  });
  const what = () => (props.figure === undefined ? label() : `${label()}, ${figureText(props.figure)}`);
  return (
    <Show
      when={target()}
      fallback={
        <sup class="mikey-mark" title={what()}>
          {props.citation.number}
        </sup>
      }
    >
      {(known) => (
        <button
          type="button"
          class="mikey-citation"
          aria-label={`${props.citation.number} ${t.show[known().kind](what())}`}
          title={t.show[known().kind](what())}
          data-testid="citation"
          data-figure={props.citation.id}
          onClick={() => {
            ways.show(known());
            assistant.say(t.shown[known().kind](label()));
          }}
        >
          {props.citation.number}
        </button>
      )}
    </Show>
  );
}
