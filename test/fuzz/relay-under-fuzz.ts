// The relay that is fuzzed, with a witness in it.
import type { OpenRelay, OpenRelayOptions } from '../support/open-relay.ts';
import { startOpenRelay } from '../support/open-relay.ts';
import { Witness } from '../support/witness.ts';
import type { Fillings } from './placeholders.ts';

export interface FuzzedRelay extends Pick<OpenRelay, 'process' | 'stop'> {
  readonly witness: Witness;
  readonly fillings: Fillings;
}

/** Without a limit on publishes, so that more than refusals is fuzzed. */
export async function startFuzzedRelay({ args = [], ...options }: OpenRelayOptions): Promise<FuzzedRelay> {
  const relay = await startOpenRelay({ ...options, args: ['--publish-rate', '0', ...args] });
  const witness = await Witness.in(relay.process.ws);
  const { token, apiKey } = relay;
  return { ...relay, witness, fillings: { epoch: await witness.epoch(), token, apiKey } };
}
