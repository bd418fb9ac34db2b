import { createEffect, createSignal, on, onCleanup, untrack, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { nextSpoken } from '../../domain/mikey/announce.ts';
import { withoutCitations } from '../../domain/mikey/citations.ts';
import { answerUnderWay } from '../../domain/mikey/conversation.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';

/** Between two parts of an answer: a screen reader has time for the one before. */
const pauseMs = 1_500;

/** Reads the answer that comes to who does not see it: in whole sentences, one after the other, not at every word. */
export function LiveAnswer(): JSX.Element {
  const assistant = useAssistant();
  const [spoken, setSpoken] = createSignal('');
  const underWay = () => answerUnderWay(assistant.conversation);
  const begun = untrack(underWay);
  // What was there before is not read again.
  let [id, readTo, proposals] = [begun?.id ?? '', begun?.text.length ?? 0, begun?.proposals.length ?? 0];
  createEffect(
    on(
      () => underWay()?.id,
      (next) => {
        if (next !== undefined && next !== id) [id, readTo, proposals] = [next, 0, 0];
      },
    ),
  );
  const look = () => {
    const answer = assistant.conversation.entries.at(-1);
    if (answer?.kind !== 'answer' || answer.id !== id) return;
    const isEnded = answer.state !== 'waiting' && answer.state !== 'answering';
    const next = nextSpoken(answer.text, readTo, isEnded);
    readTo = next.readTo;
    if (next.part !== '') return void setSpoken(withoutCitations(next.part));
    if (answer.proposals.length > proposals) {
      proposals = answer.proposals.length;
      setSpoken(mikeyTexts.chat.proposalMade);
    }
  };
  const timer = setInterval(look, pauseMs);
  onCleanup(() => clearInterval(timer));
  createEffect(on(assistant.said, (text) => text !== '' && setSpoken(text), { defer: true }));
  return (
    <p class="visually-hidden" role="status" aria-live="polite" data-testid="mikey-said">
      {spoken()}
    </p>
  );
}
