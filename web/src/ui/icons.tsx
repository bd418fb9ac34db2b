import type { JSX } from 'solid-js';

/** Icons are drawn on a 16 px grid with one stroke width; they are decoration, the text beside them names the thing. */
function Icon(props: { readonly path: string; readonly size?: number }): JSX.Element {
  return (
    <svg
      aria-hidden="true"
      width={props.size ?? 16}
      height={props.size ?? 16}
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

interface IconProps {
  readonly size?: number;
}

export const ChevronIcon = (props: IconProps) => <Icon path="M4 6l4 4 4-4" {...props} />;
export const CloseIcon = (props: IconProps) => <Icon path="M4 4l8 8M12 4l-8 8" {...props} />;
export const SearchIcon = (props: IconProps) => (
  <Icon path="M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.500 10.500L14 14" {...props} />
);
export const CheckIcon = (props: IconProps) => <Icon path="M3 8.500l3.300 3.300L13 5" {...props} />;
export const WarnIcon = (props: IconProps) => <Icon path="M8 2.500l6 11H2l6-11zM8 6.500v3M8 11.400v.100" {...props} />;
export const SwapIcon = (props: IconProps) => (
  <Icon path="M5 3v10M5 13l-2.500-2.500M5 13l2.500-2.500M11 13V3M11 3L8.500 5.500M11 3l2.500 2.500" {...props} />
);
export const SunIcon = (props: IconProps) => (
  <Icon
    path="M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600zM8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.900.900M11.700 11.700l.900.900M12.600 3.400l-.900.900M4.300 11.700l-.900.900"
    {...props}
  />
);
export const MoonIcon = (props: IconProps) => (
  <Icon path="M13.500 9.600A5.800 5.800 0 0 1 6.400 2.500a5.800 5.800 0 1 0 7.100 7.100z" {...props} />
);
export const ScreenIcon = (props: IconProps) => <Icon path="M2 3h12v8H2zM5.500 13.500h5" {...props} />;
export const WalletIcon = (props: IconProps) => (
  <Icon
    path="M2.500 4.500h9a2 2 0 0 1 2 2v5a1.500 1.500 0 0 1-1.500 1.500H4A1.500 1.500 0 0 1 2.500 11.500v-7zM2.500 4.500A1.500 1.500 0 0 1 4 3h7M11 9h.100"
    {...props}
  />
);
