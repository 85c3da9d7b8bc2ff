// Phrases of the parts that are loaded later, by tag.
import type { LoadLocale } from './language.ts';

/** Written out, so that a bundler makes a file of each. */
export const MORE_LOCALES: { readonly [tag: string]: LoadLocale } = {
  ar: () => import('../locales/more/ar.ts'),
  bn: () => import('../locales/more/bn.ts'),
  cs: () => import('../locales/more/cs.ts'),
  da: () => import('../locales/more/da.ts'),
  de: () => import('../locales/more/de.ts'),
  el: () => import('../locales/more/el.ts'),
  es: () => import('../locales/more/es.ts'),
  fa: () => import('../locales/more/fa.ts'),
  fi: () => import('../locales/more/fi.ts'),
  fr: () => import('../locales/more/fr.ts'),
  he: () => import('../locales/more/he.ts'),
  hi: () => import('../locales/more/hi.ts'),
  id: () => import('../locales/more/id.ts'),
  it: () => import('../locales/more/it.ts'),
  ja: () => import('../locales/more/ja.ts'),
  ko: () => import('../locales/more/ko.ts'),
  nb: () => import('../locales/more/nb.ts'),
  nl: () => import('../locales/more/nl.ts'),
  pl: () => import('../locales/more/pl.ts'),
  pt: () => import('../locales/more/pt.ts'),
  ru: () => import('../locales/more/ru.ts'),
  sv: () => import('../locales/more/sv.ts'),
  tr: () => import('../locales/more/tr.ts'),
  uk: () => import('../locales/more/uk.ts'),
  vi: () => import('../locales/more/vi.ts'),
  'zh-Hans': () => import('../locales/more/zh-Hans.ts'),
  'zh-Hant': () => import('../locales/more/zh-Hant.ts'),
};
