// The hook before publishes as the configuration names it, or as an embedding program brings it.

import type { BeforePublish } from '../operations.ts';
import { httpUrl, oneOfThe, readObject, wholeFrom } from '../option-fields.ts';
import { readSecrets } from '../webhooks/signer.ts';
import type { HookParts, HookPolicy } from './hook-caller.ts';
import { HookCaller } from './hook-caller.ts';
import type { HttpHookTarget } from './http-hook.ts';
import { httpHook } from './http-hook.ts';

/** A hook at an HTTP endpoint, which is the operator's choice: see `http-hook.ts` for what it is asked and may answer. */
export interface HttpHookOptions extends HttpHookTarget, HookPolicy {}

/** A hook of the embedding program's own, with a policy. */
export interface HookFunctionOptions extends HookPolicy {
  readonly ask: BeforePublish;
}

/** A function alone has the default policy. */
export type HookOption = BeforePublish | HookFunctionOptions | HttpHookOptions;

const policy = {
  timeoutMs: wholeFrom(10, 60_000),
  onFailure: oneOfThe(['pass', 'refuse']),
  maxConcurrent: wholeFrom(1, 1_000),
};

/** Reads what a configuration or a program gave. Throws an UnfitValue. */
export function readHook(value: unknown): HookOption {
  if (typeof value === 'function') return value as BeforePublish;
  const ask = (value as Partial<HookFunctionOptions> | null)?.ask;
  if (typeof ask !== 'function')
    return readObject<HttpHookOptions>(value, 'beforePublish', { url: httpUrl, secrets: readSecrets, ...policy }, ['url']);
  return readObject<HookFunctionOptions>(value, 'beforePublish', { ask: () => ask, ...policy }, ['ask']);
}

/** What asks the hook. `now` is milliseconds since 1970. */
export function hookCaller(option: HookOption, parts: HookParts & { readonly now: () => number }): HookCaller {
  if (typeof option === 'function') return new HookCaller(option, {}, parts);
  if ('ask' in option) {
    const { ask, ...rest } = option;
    return new HookCaller(ask, rest, parts);
  }
  const { url, secrets, ...rest } = option;
  return new HookCaller(httpHook({ url, ...(secrets && { secrets }) }, parts.now), rest, parts);
}
