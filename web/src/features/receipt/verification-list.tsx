import { For, Show, type JSX } from 'solid-js';

import { isRight, verdictOf, type FigureCheck, type Verification } from '../../domain/verification.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { CheckIcon, WarnIcon } from '../../ui/icons.tsx';
import { VerifyCommand } from './verify-command.tsx';

const t = tableTexts.verify;

/** What was computed again, figure by figure, with the verdict in words above. */
export function VerificationList(props: { readonly verification: Verification }): JSX.Element {
  const verdict = () => verdictOf(props.verification);
  return (
    <section class="grid gap-3" aria-label={t.recomputed}>
      <p class="verdict" role="status" data-tone={verdict().wrong === 0 ? 'up' : 'down'} data-testid="verdict">
        <Show when={verdict().wrong === 0} fallback={<WarnIcon />}>
          <CheckIcon />
        </Show>
        {verdict().wrong === 0 ? t.agrees(verdict().compared) : t.differs(verdict().wrong, verdict().compared)}
      </p>
      <Show when={verdict().wrong > 0}>
        <p class="text-ink-2">{t.differsText}</p>
      </Show>
      <table class="verification">
        <thead>
          <tr>
            <th scope="col">{t.figure}</th>
            <th scope="col">{t.stated}</th>
            <th scope="col">{t.recomputed}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.verification.checks}>{(check) => <FigureLine check={check} />}</For>
        </tbody>
      </table>
      <div class="grid gap-1 text-ink-3">
        <p>{t.command}</p>
        <VerifyCommand signature={props.verification.signature} />
      </div>
    </section>
  );
}

function FigureLine(props: { readonly check: FigureCheck }): JSX.Element {
  const tone = () => (props.check.recomputed === null ? undefined : isRight(props.check) ? 'up' : 'down');
  const word = () => {
    if (props.check.recomputed === null) return t.input;
    return isRight(props.check) ? t.same : `${t.other}: ${props.check.recomputed}`;
  };
  return (
    <>
      <tr data-testid="verified-figure" data-agrees={isRight(props.check)}>
        <th scope="row">{t.figures[props.check.name]}</th>
        <td>{props.check.stated}</td>
        <td
          classList={{ 'text-up': tone() === 'up', 'text-down': tone() === 'down', 'text-ink-3': tone() === undefined }}
        >
          {word()}
        </td>
      </tr>
      <Show when={props.check.note}>
        {(note) => (
          <tr class="verification-note">
            <td colSpan={3}>{note()}</td>
          </tr>
        )}
      </Show>
    </>
  );
}
