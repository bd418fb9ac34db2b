import type { JSX } from 'solid-js';

/** Drawn like the other icons; what they stand for is said beside them. */
function SmallIcon(props: { readonly path: string }): JSX.Element {
  return (
    <svg
      aria-hidden="true"
      width="13"
      height="13"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={props.path} />
    </svg>
  );
}

export const EditIcon = (): JSX.Element => (
  <SmallIcon path="M3 13l.600-2.800L10.800 3l2.200 2.200L5.800 12.400 3 13z" />
);
export const MoreIcon = (): JSX.Element => <SmallIcon path="M3 8h.010M8 8h.010M13 8h.010" />;
export const ShareIcon = (): JSX.Element => <SmallIcon path="M8 10V2.500M5 5.200l3-2.700 3 2.700M3.500 8v5.500h9V8" />;
export const DetailsIcon = (): JSX.Element => <SmallIcon path="M2.500 4h11M2.500 8h11M2.500 12h7" />;
