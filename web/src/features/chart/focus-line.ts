/** Puts the focus on a line's label, where it is in sight. */
export const focusLine = (id: string): void =>
  document.querySelector<HTMLElement>(`[data-line="${CSS.escape(id)}"]`)?.focus();
