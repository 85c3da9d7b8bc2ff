import type { KeyValueStorage } from '@chat-room/sdk';
import { ChatClient } from '@chat-room/sdk';
import type { ClientHandle, Identity } from './room-handle.ts';

/** The SDK's client for this identity. Without a name or a token the relay makes the person a guest. */
export function createClient({ url, name, token, getToken }: Identity): ClientHandle {
  const common = { url, storage: pageStorage };
  if (getToken !== undefined) return new ChatClient({ ...common, getToken });
  if (token !== '') return new ChatClient({ ...common, token });
  return new ChatClient({ ...common, ...(name !== '' && { user: { name } }) });
}

/** Sandboxed frames and strict privacy settings throw on the mere mention of `localStorage`: then nothing is kept. */
const pageStorage: KeyValueStorage = {
  getItem: (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  setItem: (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // A guest without storage is a new guest after a reload.
    }
  },
};
