import { createSignal } from 'solid-js';

const [isOpen, setOpen] = createSignal(false);

/** Whether the history of notices is open: by the bell, the palette or a key. */
export const isNoticeHistoryOpen = isOpen;
export const showNoticeHistory = (open: boolean): void => void setOpen(open);
