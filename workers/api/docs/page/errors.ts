import { html } from 'hono/html';
import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import { errorPageOf } from '../refusals.ts';
import { jsonBlock, none, prose, type Html } from './text.ts';

export const errorCodes = Object.keys(ERROR_CODES) as ErrorCode[];

/** Every code: what happened, why, what to do, whether to try again, and an answer that carries it. */
export const errorSections = (): Html[] => errorCodes.map(errorSection);

function errorSection(code: ErrorCode): Html {
  const { status, title, retryable } = ERROR_CODES[code];
  const page = errorPageOf(code);
  return html`<article class="operation" id="${code}" data-find="${`${code} ${status} ${title}`.toLowerCase()}">
    <div class="said">
      <h3><a class="anchor" href="#${code}">${code}</a> ${title}</h3>
      <p class="route">
        <span class="status">HTTP ${status}</span>
        ${retryable ? 'may succeed later without a change' : 'needs a change'}
      </p>
      ${prose(page?.means ?? '')} ${part('Why', page?.why)} ${part('What to do', page?.todo)}
      ${part('Retrying', page?.retrying)}
    </div>
    <div class="shown">${page === undefined ? none : jsonBlock(`${code}: answer`, page.example)}</div>
  </article>` as Html;
}

const part = (heading: string, text: string | undefined): Html =>
  text === undefined || text === ''
    ? none
    : (html`<h4>${heading}</h4>
        ${prose(text)}` as Html);
