// The layer's contract with two relays on one Redis, alone and as a cluster.

import { withTwoRelays } from '../support/two-relays.ts';
import { layerContract } from './layer.contract.ts';

withTwoRelays(layerContract);
