// The locales there are, by tag. English is not among them: it is in the code that says it.
import type { LoadLocale } from './language.ts';

/** Written out, so that a bundler makes a file of each. */
export const LOCALES: { readonly [tag: string]: LoadLocale } = {};
