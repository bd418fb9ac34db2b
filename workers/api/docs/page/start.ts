import { html } from 'hono/html';
import { exampleVariables } from '../variables.ts';
import { typescriptPrelude } from '../examples.ts';
import { codeBlock, inline, joined, prose, type Html } from './text.ts';

const conventions = `Prices, quantities and amounts are JSON numbers with every digit exact: prices and quantities have at most 8 decimals, USDC 6, leverage 2. If your JSON library reads numbers as floating point, send text (\`"2.5"\`) instead, and read the number tokens as text. Times are RFC 3339 in UTC; \`publish_time\` and \`eligible_from\` are whole seconds since 1970.

Requests are JSON of at most 64 KB; unknown fields are refused. Send an \`X-Request-Id\` to find your request again: it comes back in every answer.`;

const landed = `Give every command an \`Idempotency-Key\` that you keep. If the answer is lost, whatever the reason, send the same request with the same key: it executes once at most, and you get the first answer. \`GET /api/trading/commands/{idempotency_key}\` says what became of it without repeating it.

- 2xx: accepted. The order in the answer, and every change of it, has \`status\` and \`stage\`.
- 4xx: refused, and nothing was done. \`code\` says why. \`TRADING_010\`: the first request is still running, repeat after a second.
- 429: not done. Wait \`Retry-After\` and repeat with the same key.
- 5xx, or no answer at all: unknown. Repeat with the same key: at most one of the two has an effect.

An order that is accepted and \`pending\` goes on by itself, whatever happens to your connection or to us. Follow it on the \`orders\` channel, or ask for it: every transaction signed for it is listed, and the program executes at most one of them.`;

const compatibility = `Within version 1 operations, fields, error codes, channels and enum values are only added, never renamed, removed or given another meaning: ignore what you do not know. A change that would break a client raises the first number of the version in \`/openapi.json\`, and stands in the change log before it is served.`;

const part = (id: string, title: string, text: string): Html =>
  html`<article class="operation" id="${id}">
    <div class="said whole">
      <h3><a class="anchor" href="#${id}">${title}</a></h3>
      ${prose(text)}
    </div>
  </article>` as Html;

/** What every caller has to know, before the operations. */
export function startSections(): Html {
  return joined([
    html`<article class="operation" id="start">
      <div class="said">
        <h3><a class="anchor" href="#start">First steps</a></h3>
        ${prose(
          'Everything public needs no key. To trade, a wallet signs a text, which gives an access token for 15 minutes; money enters and leaves only by transactions that the wallet signs. On the local network `examples/sign-in.ts` does all of it with a throw-away wallet and prints a token.',
        )}
        ${prose('The examples of this page use these variables, and each of them was sent to a running exchange as it stands here:')}
        <table class="fields">
          <caption>
            Variables of the examples
          </caption>
          <thead>
            <tr>
              <th scope="col">Variable</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            ${exampleVariables.map(
              ({ shell, typescript, meaning }) =>
                html`<tr>
                  <th scope="row"><code>$${shell}</code> <span class="type">${typescript}</span></th>
                  <td>${inline(meaning)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="shown">
        <div class="curl">
          ${codeBlock(
            'First requests',
            `export API=http://127.0.0.1:8787\ncurl "$API/ready"\ncurl "$API/api/market/prices"\nexport TOKEN=$(npx node examples/sign-in.ts)`,
          )}
        </div>
        <div class="typescript">${codeBlock('What every TypeScript example starts from', typescriptPrelude)}</div>
      </div>
    </article>` as Html,
    part('conventions', 'Numbers, times, requests', conventions),
    part('landed', 'Did it land?', landed),
    part('compatibility', 'Versions', compatibility),
  ]);
}
