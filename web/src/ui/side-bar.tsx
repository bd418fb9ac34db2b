import type { JSX } from 'solid-js';

import { texts } from '../i18n/index.ts';

/** How open interest is shared by the sides; null where there is none. The bar repeats what its name and the figures beside it say. */
export function SideBar(props: { readonly longPercent: number | null; readonly class?: string }): JSX.Element {
  const name = () => (props.longPercent === null ? texts.header.noSides : texts.header.sides(props.longPercent));
  return (
    <span
      class={`side-bar ${props.class ?? ''}`}
      data-empty={props.longPercent === null ? '' : undefined}
      role="img"
      aria-label={name()}
      title={name()}
    >
      <span style={{ width: `${props.longPercent ?? 0}%` }} />
    </span>
  );
}
