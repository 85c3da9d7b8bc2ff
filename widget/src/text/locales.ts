// The locales there are, by tag. English is not among them: it is in the code that says it.
import type { LoadLocale } from './language.ts';

/** Written out, so that a bundler makes a file of each. */
export const LOCALES: { readonly [tag: string]: LoadLocale } = {
  da: () => import('../locales/da.ts'),
  de: () => import('../locales/de.ts'),
  es: () => import('../locales/es.ts'),
  fr: () => import('../locales/fr.ts'),
  it: () => import('../locales/it.ts'),
  nb: () => import('../locales/nb.ts'),
  no: () => import('../locales/nb.ts'),
  nl: () => import('../locales/nl.ts'),
  pt: () => import('../locales/pt.ts'),
  sv: () => import('../locales/sv.ts'),
};
