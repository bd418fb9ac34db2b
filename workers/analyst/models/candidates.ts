import { Breaker } from '../../platform/breaker.ts';
import { breakerFailuresMax, callPolicies } from '../../platform/call-policies.ts';
import { ModelFailure, type ModelIdentity, type Task } from './contract.ts';
import { isUnwell } from './provider-failure.ts';
import { UnfinishedAnswer } from './provider.ts';
import type { ModelSetting, ModelSettings } from './settings.ts';

/** How long a model that keeps failing is left alone before one request tries it. */
const breakerOpenMs = 30_000;

/** A configured model, with what is known of its health in this isolate. */
export interface Candidate {
  /** Its place in AI_MODELS. */
  readonly place: number;
  readonly setting: ModelSetting;
  readonly identity: ModelIdentity;
  readonly key: string | undefined;
  readonly breaker: Breaker;
}

/** The configured models, in their order. */
export const candidatesOf = ({ AI_MODELS, AI_KEYS }: Pick<ModelSettings, 'AI_MODELS' | 'AI_KEYS'>): Candidate[] =>
  AI_MODELS.map((setting, place) => ({
    ...{ place, setting, identity: { provider: setting.provider, model: setting.model } },
    key: setting.key === undefined ? undefined : AI_KEYS[setting.key],
    breaker: new Breaker({
      name: `${setting.provider} ${setting.model}`,
      part: 'model',
      failuresMax: breakerFailuresMax,
      openMs: breakerOpenMs,
      probeMsMax: callPolicies.models.attemptTimeoutMs + 1_000,
      isFailure: (error) => isUnwell(failureOf(error)),
      isUnknown: (error) => isOurs(failureOf(error)),
    }),
  }));

/** The models that serve a task, in the order of the configuration. */
export const candidatesFor = (task: Task, candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter(({ setting }) => setting.tasks.includes(task));

/** Ended by us: no budget, or nobody who waits. */
const isOurs = (failure: unknown): boolean => failure instanceof ModelFailure;

/** What was wrong, without what the answer had told until then. */
export const failureOf = (error: unknown): unknown => (error instanceof UnfinishedAnswer ? error.failure : error);
