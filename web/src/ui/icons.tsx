import type { JSX } from 'solid-js';

/** Icons are drawn on a 16 px grid with one stroke width; they are decoration, the text beside them names the thing. */
export function Icon(props: { readonly path: string; readonly size?: number }): JSX.Element {
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
export const GearIcon = (props: IconProps) => (
  <Icon
    path="M8 10.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400zM8 1.800l.600 1.700 1.500.620 1.630-.780 1.020 1.020-.780 1.630.620 1.510 1.610.500v1.440l-1.610.600-.620 1.510.780 1.630-1.020 1.020-1.630-.780-1.500.620-.600 1.600H7.300l-.600-1.600-1.500-.620-1.630.780L2.550 13.180l.780-1.630L2.710 10.040 1.100 9.440V8l1.610-.500.620-1.510-.780-1.630L3.570 3.340l1.630.780 1.500-.620.600-1.700z"
    {...props}
  />
);
export const BellIcon = (props: IconProps) => (
  <Icon
    path="M3.500 11.500h9l-1-1.600V7a3.500 3.500 0 0 0-7 0v2.900l-1 1.600zM6.700 13.800a1.500 1.500 0 0 0 2.600 0"
    {...props}
  />
);
export const MenuIcon = (props: IconProps) => <Icon path="M2.500 4.500h11M2.500 8h11M2.500 11.500h11" {...props} />;
export const TradeIcon = (props: IconProps) => (
  <Icon path="M4.500 2v3M4.500 10v4M3 5h3v5H3zM11.500 2v4M11.500 11v3M10 6h3v5h-3z" {...props} />
);
export const ListIcon = (props: IconProps) => <Icon path="M2.500 3.500h11v3h-11zM2.500 9.500h11v3h-11z" {...props} />;
export const PieIcon = (props: IconProps) => (
  <Icon path="M7 3a5.500 5.500 0 1 0 6 6H7V3zM9.500 2a4.500 4.500 0 0 1 4.500 4.500H9.500V2z" {...props} />
);
/** MIKEY: two lines that speak of a price. */
export const AssistantIcon = (props: IconProps) => (
  <Icon path="M2.500 3h11v8H7l-3 2.500V11H2.500zM5.200 8.200l1.900-2 1.500 1.200 2.200-2.600" {...props} />
);
export const LockIcon = (props: IconProps) => (
  <Icon path="M3.500 7.500h9v6h-9zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500" {...props} />
);
export const UnlockIcon = (props: IconProps) => (
  <Icon path="M3.500 7.500h9v6h-9zM5.500 7.500V4.500a2.500 2.500 0 0 1 4.800-1" {...props} />
);
export const TableIcon = (props: IconProps) => (
  <Icon path="M2.500 3.500h11v9h-11zM2.500 6.500h11M2.500 9.500h11M6.500 6.500v6" {...props} />
);
export const StarIcon = (props: IconProps & { readonly filled?: boolean }) => (
  <svg
    aria-hidden="true"
    width={props.size ?? 16}
    height={props.size ?? 16}
    viewBox="0 0 16 16"
    fill={props.filled === true ? 'currentColor' : 'none'}
    stroke="currentColor"
    stroke-width="1.3"
    stroke-linejoin="round"
  >
    <path d="M8 2.200l1.780 3.620 4 .580-2.890 2.810.680 3.980L8 11.310l-3.570 1.880.680-3.980L2.220 6.400l4-.580z" />
  </svg>
);
