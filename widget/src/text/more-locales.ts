// Phrases of the parts that are loaded later, by tag.
import type { LoadLocale } from './language.ts';

/** Written out, so that a bundler makes a file of each. */
export const MORE_LOCALES: { readonly [tag: string]: LoadLocale } = {};
