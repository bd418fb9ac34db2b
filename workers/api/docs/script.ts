/** The page works without it: filter, copy buttons, and the language kept for the next visit. */
export const referenceScript = `'use strict';
const filterRow = document.querySelector('.filter');
const filter = document.getElementById('filter');
const contents = document.getElementById('contents');
const nothing = document.getElementById('nothing');
filterRow.hidden = false;

const setFound = (element, found) => { if (element.hidden === found) element.hidden = !found; };

filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const fits = (element) => words.every((word) => element.dataset.find.includes(word));
  for (const entry of contents.querySelectorAll('li')) setFound(entry, fits(entry));
  for (const group of contents.querySelectorAll('details')) setFound(group, group.querySelector('li:not([hidden])') !== null);
  for (const article of document.querySelectorAll('article')) {
    const parts = [...article.querySelectorAll('.message')];
    for (const part of parts) setFound(part, fits(part) || fitsEntry(article, fits));
    setFound(article, parts.some((part) => !part.hidden) || fitsEntry(article, fits) || (article.dataset.find !== undefined && fits(article)));
  }
  for (const group of document.querySelectorAll('section.group')) setFound(group, group.querySelector('article:not([hidden])') !== null);
  nothing.hidden = document.querySelector('section.group:not([hidden])') !== null;
  scrollTo({ top: 0, behavior: 'instant' });
});

const fitsEntry = (article, fits) => {
  const entry = contents.querySelector('a[href="#' + article.id + '"]');
  return entry !== null && fits(entry.parentElement);
};

document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    if (getComputedStyle(contents).display === 'none') contents.showPopover();
    filter.focus();
  }
  if (event.key === 'Escape' && isTyping && filter.value !== '') {
    filter.value = '';
    filter.dispatchEvent(new Event('input'));
  }
});

contents.addEventListener('click', (event) => {
  if (event.target.closest('a') && contents.matches(':popover-open')) contents.hidePopover();
});

for (const block of document.querySelectorAll('pre')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', 'Copy: ' + block.getAttribute('aria-label'));
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  const holder = document.createElement('div');
  holder.className = 'code';
  block.replaceWith(holder);
  holder.append(block, button);
}

const languageKey = 'quantdesk-docs-language';
const remembered = document.getElementById(localStorage.getItem(languageKey) ?? '');
if (remembered instanceof HTMLInputElement) remembered.checked = true;
for (const choice of document.querySelectorAll('input[name=language]')) {
  choice.addEventListener('change', () => localStorage.setItem(languageKey, choice.id));
}

let current = null;
const watcher = new IntersectionObserver((entries) => {
  const shown = entries.find((entry) => entry.isIntersecting);
  if (shown === undefined) return;
  current?.removeAttribute('aria-current');
  current = contents.querySelector('a[href="#' + shown.target.id + '"]');
  current?.setAttribute('aria-current', 'true');
  if (current !== null && getComputedStyle(contents).position === 'fixed' && !contents.contains(document.activeElement)) {
    const box = current.getBoundingClientRect();
    if (box.top < 120 || box.bottom > innerHeight - 40) contents.scrollTop += box.top - innerHeight / 2;
  }
}, { rootMargin: '-80px 0px -70% 0px' });
for (const article of document.querySelectorAll('article')) watcher.observe(article);
`;
