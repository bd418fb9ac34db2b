import type { MarketSymbol } from '#shared/markets.ts';
import type { FigureDto } from '#shared/protocol/ai.ts';
import { For, Show, createMemo, type JSX } from 'solid-js';

import { citedFigures, figureText, valueOf } from '../../domain/mikey/analysis-view.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { CitationKey } from './cited-text.tsx';

/** The figures that a text cites, as the exchange counted them, under the numbers of their marks. */
export function FigureList(props: {
  readonly text: string;
  readonly symbol: MarketSymbol | null;
  readonly figures: readonly FigureDto[];
}): JSX.Element {
  const figures = createMemo(() => citedFigures(props.text, props.figures));
  return (
    <Show when={figures().length > 0}>
      <details class="mikey-figures" data-testid="figures">
        <summary>{mikeyTexts.analysis.figures(figures().length)}</summary>
        <ol>
          <For each={figures()}>
            {(figure) => (
              <li>
                <CitationKey
                  citation={{ kind: 'citation', id: figure.id, number: figure.number, cited: valueOf(figure) }}
                  symbol={props.symbol}
                  figure={figure}
                />
                <span>{figure.label}</span>
                <b>{figureText(figure)}</b>
              </li>
            )}
          </For>
        </ol>
      </details>
    </Show>
  );
}
