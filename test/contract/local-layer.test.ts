import { LocalBus } from '../../relay/src/layer/local-bus.ts';
import { layerContract } from './layer.contract.ts';

layerContract('one relay', async () => ({ buses: [new LocalBus()], dispose: async () => undefined }));
