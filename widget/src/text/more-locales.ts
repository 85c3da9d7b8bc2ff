// Phrases of the parts that are loaded later, by tag.
import type { LoadLocale } from './language.ts';

/** Written out, so that a bundler makes a file of each. */
export const MORE_LOCALES: { readonly [tag: string]: LoadLocale } = {
  da: () => import('../locales/more/da.ts'),
  de: () => import('../locales/more/de.ts'),
  es: () => import('../locales/more/es.ts'),
  fr: () => import('../locales/more/fr.ts'),
  it: () => import('../locales/more/it.ts'),
  nb: () => import('../locales/more/nb.ts'),
  no: () => import('../locales/more/nb.ts'),
  nl: () => import('../locales/more/nl.ts'),
  pt: () => import('../locales/more/pt.ts'),
  sv: () => import('../locales/more/sv.ts'),
};
