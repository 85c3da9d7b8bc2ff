// What stands in the corpus for what each relay has of its own. Filled in before anything is mutated, so that what is left
// whole gets past the relay's first checks.

export const EPOCH = '{{epoch}}';
export const TOKEN = '{{token}}';
export const API_KEY = '{{key}}';

export interface Fillings {
  readonly epoch: string;
  /** A token that may do anything in any room. */
  readonly token: string;
  /** A key of the server API with all scopes. */
  readonly apiKey: string;
}

/** The text with the relay's own values in it. */
export function filled(text: string, { epoch, token, apiKey }: Fillings): string {
  return text.replaceAll(EPOCH, epoch).replaceAll(TOKEN, token).replaceAll(API_KEY, apiKey);
}
