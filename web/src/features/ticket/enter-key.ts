/**
 * What Enter does inside the ticket. An order goes out from its button and from the figures it is made of, size and price; anywhere else a
 * press that was meant for a checkbox or to take a figure must not trade. A held key sends nothing twice and confirms nothing unread.
 */
export function handleEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter') return;
  if (event.repeat) return event.preventDefault();
  const { target } = event;
  if (!(target instanceof HTMLInputElement) || target.dataset['enterSends'] !== undefined) return;
  event.preventDefault();
  if (target.type === 'checkbox') target.click();
}

/** For a window that asks once more: the key that opened it is still down. */
export const refuseHeldKey = (event: KeyboardEvent): void => {
  if (event.repeat) event.preventDefault();
};
