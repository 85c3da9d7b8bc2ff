import { LocalBus } from '../../relay/src/layer/local-bus.ts';
import { busContract } from './bus.contract.ts';

busContract('one relay', async () => ({ buses: [new LocalBus()], dispose: async () => undefined }));
