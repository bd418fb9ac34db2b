import { Icon } from '../../ui/icons.tsx';

interface IconProps {
  readonly size?: number;
}

export const SendIcon = (props: IconProps) => <Icon path="M8 13V3.500M3.800 7.500L8 3.300l4.200 4.200" {...props} />;
export const StopIcon = (props: IconProps) => <Icon path="M4.500 4.500h7v7h-7z" {...props} />;
export const PlusIcon = (props: IconProps) => <Icon path="M8 3v10M3 8h10" {...props} />;
export const TrashIcon = (props: IconProps) => (
  <Icon
    path="M3 4.500h10M6 4.500V3h4v1.500M4.500 4.500l.600 8.500h5.800l.600-8.500M6.800 7v3.800M9.200 7v3.800"
    {...props}
  />
);
export const RecordIcon = (props: IconProps) => (
  <Icon path="M2.500 13.500h11M4 11V8M7 11V5M10 11V7M13 11V3" {...props} />
);
