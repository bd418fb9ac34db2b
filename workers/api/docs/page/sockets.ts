import { html } from 'hono/html';
import { channelSchemas, closeCodes, type ChannelKind } from '#shared/protocol/ws.ts';
import type { Components } from '../components.ts';
import {
  channelGuides,
  clientMessageGuides,
  closeCodeGuides,
  plainSocketExample,
  serverMessageGuides,
  streamExample,
  type MessageGuide,
} from '../socket-guide.ts';
import { schemaTable } from './fields.ts';
import { codeBlock, inline, joined, prose, type Html } from './text.ts';

const intro = `Two addresses, one protocol: \`/ws/market/{symbol}\` is public, \`/ws/account\` is a trader's own and takes the access token in its first message. Text frames, one JSON object each.

Every message of a channel has a number that grows by one. After a broken connection subscribe \`from\` the epoch and number you have: inside the window of the last 256 messages exactly what you missed is sent, otherwise a \`reset\` and a snapshot. No gap is ever silent.`;

const limits = `Messages of at most 8 KB, 20 a second with bursts of 60; 32 channels in one message; 20 sockets per address. A client more than 256 messages behind its acks gets one \`reset\`; at 1,024, or after 30 s of silence, the socket is closed with 4008. Reconnect with jitter.`;

/** Both sockets: messages, channels, limits, close codes. */
export function socketSections(components: Components): Html {
  return joined([
    html`<article class="operation" id="sockets">
      <div class="said">
        <h3>The protocol</h3>
        ${prose(intro)}${prose(limits)}
      </div>
      <div class="shown">
        <div class="curl">${codeBlock('A market socket without the SDK', plainSocketExample)}</div>
        <div class="typescript">${codeBlock('A market socket by the SDK', streamExample)}</div>
      </div>
    </article>` as Html,
    messages('client-messages', 'What you send', 'op', clientMessageGuides),
    messages('server-messages', 'What you receive', 'type', serverMessageGuides),
    channels(components),
    closing(),
  ]);
}

function messages(id: string, title: string, key: 'op' | 'type', guides: readonly MessageGuide[]): Html {
  return html`<article class="operation" id="${id}">
    <div class="said whole">
      <h3><a class="anchor" href="#${id}">${title}</a></h3>
      ${guides.map(
        ({ name, description, example }) =>
          html`<section class="message" id="${key}-${name}" data-find="${`${name} ${key} socket`}">
            <h4><code>${name}</code></h4>
            <p>${inline(description)}</p>
            ${codeBlock(`${title}: ${name}`, JSON.stringify(example))}
          </section>`,
      )}
    </div>
  </article>` as Html;
}

function channels(components: Components): Html {
  const kinds = Object.keys(channelGuides) as ChannelKind[];
  return html`<article class="operation" id="channels">
    <div class="said whole">
      <h3><a class="anchor" href="#channels">Channels</a></h3>
      ${kinds.map((kind) => channel(kind, components))}
    </div>
  </article>` as Html;
}

function channel(kind: ChannelKind, components: Components): Html {
  const { name, socket, snapshot, update, sent } = channelGuides[kind];
  const schema = components.schemaOf(channelSchemas[kind].update, 'output');
  return html`<section class="message" id="channel-${kind}" data-find="${`${name} channel socket`}">
    <h4><code>${name}</code> <span class="type">${socket}</span></h4>
    <p>Snapshot: ${snapshot}. Update: ${update}; sent ${sent}.</p>
    <details>
      <summary>Data of an update</summary>
      ${schemaTable(`Channel ${kind}`, schema, components.schemas, false)}
    </details>
  </section>` as Html;
}

function closing(): Html {
  const names = Object.keys(closeCodes) as (keyof typeof closeCodes)[];
  return html`<article class="operation" id="close-codes">
    <div class="said whole">
      <h3><a class="anchor" href="#close-codes">Close codes</a></h3>
      <table class="fields">
        <caption>
          Why the exchange closes a socket
        </caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Meaning and what to do</th>
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name) =>
              html`<tr>
                <th scope="row"><code>${closeCodes[name]}</code></th>
                <td>${closeCodeGuides[name].means}. ${closeCodeGuides[name].todo}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </article>` as Html;
}
