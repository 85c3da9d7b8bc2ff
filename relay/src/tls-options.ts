import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from './adapter/adapter.ts';

interface TlsOptions {
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** What the relay speaks TLS with; undefined where it does not. */
export function tlsFiles({ tlsCert, tlsKey }: TlsOptions): TlsFiles | undefined {
  return tlsCert === undefined || tlsKey === undefined ? undefined : { certFile: tlsCert, keyFile: tlsKey };
}

/** Why these files can't be used, in a sentence. Found out here, since uWebSockets.js would only say that it can't listen. */
export function tlsFault(options: TlsOptions): string | undefined {
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined))
    return '--tls-cert and --tls-key go together: name both.';
  const files = tlsFiles(options);
  if (files === undefined) return undefined;
  try {
    createSecureContext({ cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) });
    return undefined;
  } catch (error) {
    return `The certificate ${files.certFile} and its key ${files.keyFile} can't be used: ${(error as Error).message}.`;
  }
}
