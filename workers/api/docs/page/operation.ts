import { html } from 'hono/html';
import { ERROR_CODES } from '#shared/protocol/error-codes.ts';
import { answerExample } from '../answers.ts';
import type { Json } from '../describe.ts';
import { curlOf, typescriptOf } from '../examples.ts';
import { guides } from '../guides/index.ts';
import { operationIdOf, operationKey } from '../guide.ts';
import { refusalsOf } from '../refusals.ts';
import type { Operation } from '../../operation.ts';
import { parameterTable, schemaTable, type Schemas } from './fields.ts';
import { codeBlock, inline, joined, jsonBlock, none, prose, type Html } from './text.ts';

const rateNames: Readonly<Record<Operation['rate'], string>> = {
  trading: '100 per minute and trader',
  data: '1,000 per minute',
  assistant: '30 per minute and trader',
  'sign-in': 'per address',
  none: 'unlimited',
};

const authNames: Readonly<Record<Operation['auth'], string>> = {
  none: 'no sign-in',
  bearer: 'access token',
  admin: 'administrator',
};

export const methodBadge = (method: string): Html =>
  html`<span class="method method-${method.toLowerCase()}">${method}</span>` as Html;

/** One operation: what it does on one side, a request and its answer on the other. `described` is its part of `/openapi.json`. */
export function operationSection(operation: Operation, described: Json, schemas: Schemas): Html {
  const id = operationIdOf(operation);
  return html`<article class="operation" id="${id}" data-find="${findText(operation)}">
    <div class="said">
      <h3><a class="anchor" href="#${id}">${inline(operation.summary)}</a></h3>
      <p class="route">${methodBadge(operation.method)} <code>${operation.path}</code></p>
      ${facts(operation)} ${prose(guides[operationKey(operation)]?.description ?? '')} ${parameters(described, schemas)}
      ${body(described, schemas)} ${answer(operation, described, schemas)} ${refusals(operation)}
    </div>
    <div class="shown">${examples(operation)}</div>
  </article>` as Html;
}

const findText = ({ method, path, summary }: Operation): string => `${method} ${path} ${summary}`.toLowerCase();

function facts({ auth, stepUp, rate, idempotent, paged }: Operation): Html {
  const entries = [
    ['Needs', stepUp === true ? `${authNames[auth]} and a fresh signature (X-Step-Up)` : authNames[auth]],
    ['Limit', rateNames[rate]],
    ...(idempotent === true ? [['Repeatable with', 'Idempotency-Key']] : []),
    ...(paged === true ? [['Pages by', 'X-Next-Cursor']] : []),
  ];
  return html`<dl class="facts">
    ${entries.map(
      ([name = '', value = '']) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>` as Html;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function parameters(described: Json, schemas: Schemas): Html {
  const all = Array.isArray(described.parameters) ? described.parameters.filter(isJson) : [];
  const tables = [
    ['Path', 'path'],
    ['Query', 'query'],
    ['Headers', 'header'],
  ].map(([caption = '', place]) =>
    parameterTable(
      caption,
      all.filter((parameter) => parameter.in === place),
      schemas,
    ),
  );
  return joined(tables);
}

/** The JSON schema inside `{content: {application/json: {schema}}}`. */
function schemaIn(holder: unknown): Json | undefined {
  const content = isJson(holder) && isJson(holder.content) ? holder.content['application/json'] : undefined;
  const schema = isJson(content) ? content.schema : undefined;
  return isJson(schema) ? schema : undefined;
}

function body(described: Json, schemas: Schemas): Html {
  const schema = schemaIn(described.requestBody);
  return schema === undefined ? none : schemaTable('Body', schema, schemas, true);
}

function answer({ status }: Operation, described: Json, schemas: Schemas): Html {
  const responses = isJson(described.responses) ? described.responses : {};
  const schema = schemaIn(responses[String(status)]);
  if (schema === undefined) return html`<p>Answers ${status} without a JSON body.</p>` as Html;
  return html`<details class="answer">
    <summary>Answer ${status}</summary>
    ${schemaTable('Answer', schema, schemas, false)}
  </details>` as Html;
}

function refusals(operation: Operation): Html {
  const codes = refusalsOf(operation);
  return html`<details class="refusals">
    <summary>Errors (${codes.length})</summary>
    <ul>
      ${codes.map(
        (code) =>
          html`<li>
            <a href="#${code}">${code}</a> <span class="status">${ERROR_CODES[code].status}</span> ${
              ERROR_CODES[code].title
            }
          </li>`,
      )}
    </ul>
  </details>` as Html;
}

function examples(operation: Operation): Html {
  const [curl, typescript] = [curlOf(operation), typescriptOf(operation)];
  const { example } = answerExample(operation);
  return joined([
    curl === null ? none : (html`<div class="curl">${codeBlock(`${operation.summary}: curl`, curl)}</div>` as Html),
    typescript === null
      ? none
      : (html`<div class="typescript">${codeBlock(`${operation.summary}: TypeScript`, typescript)}</div>` as Html),
    example === undefined
      ? none
      : (html`<p class="answered">${String(operation.status)}</p>
          ${jsonBlock(`${operation.summary}: answer`, example)}` as Html),
  ]);
}
