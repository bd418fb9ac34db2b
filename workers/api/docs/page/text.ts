import { html, raw } from 'hono/html';
import { escapeHtml } from './escape.ts';

/** HTML that is safe to put into a page. */
export type Html = ReturnType<typeof raw>;

export const none: Html = raw('');

/** Many pieces as one. */
export const joined = (pieces: readonly Html[]): Html => raw(pieces.join(''));

/** `code`, links between errors and to other places, everything else escaped. */
export function inline(text: string): Html {
  const marked = escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_whole, label: string, target: string) => linkOf(label, target));
  return raw(marked);
}

/** A page of an error becomes its place in the reference; other files of the documentation are named, not linked. */
function linkOf(label: string, target: string): string {
  const code = /^(?:\/docs#|errors\/)?([A-Z]+_\d{3})(?:\.md)?$/.exec(target)?.[1];
  if (code !== undefined) return `<a href="#${code}">${label}</a>`;
  return /^(https:\/\/|#|\/)/.test(target) ? `<a href="${target}">${label}</a>` : label;
}

/** Paragraphs and lists of `- ` lines. */
export function prose(text: string): Html {
  const blocks = text.split(/\n\n+/).filter((block) => block !== '');
  return joined(blocks.map((block) => (block.startsWith('- ') ? listOf(block) : raw(`<p>${inline(block)}</p>`))));
}

function listOf(block: string): Html {
  const items = block.split(/\n(?=- )/).map((item) => raw(`<li>${inline(item.slice(2))}</li>`));
  return html`<ul>
    ${items}
  </ul>` as Html;
}

/** A block of code that a keyboard can scroll. */
export const codeBlock = (label: string, text: string): Html =>
  html`<pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>` as Html;

export const jsonBlock = (label: string, value: unknown): Html => codeBlock(label, JSON.stringify(value, null, 2));

/** A word as part of an address in the page. */
export const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
