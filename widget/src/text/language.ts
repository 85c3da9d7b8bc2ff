// Which language a widget speaks. English is at hand; every other locale is a file of its own, loaded when it is needed.
import type { Language, Phrases } from './translate.ts';

/** The language that an element is in: its own, or that of what is around it. */
export function tagOf(element: HTMLElement): string {
  const tag = element.closest('[lang]:not([lang=""])')?.getAttribute('lang') ?? navigator.language;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    return 'en'; // a wrong `lang` in a page is common, and no reason not to show messages
  }
}

export type LoadLocale = () => Promise<{ readonly phrases: Phrases }>;

/** Loads a locale. Without one for the tag, or where it can't be fetched, the language has no phrases of its own. */
export async function loadLanguage(tag: string, locales: { readonly [tag: string]: LoadLocale }): Promise<Language> {
  // The first that fits: the whole tag, language and script (Chinese without one by its region), the language.
  const { language, script } = new Intl.Locale(tag).maximize();
  const load = locales[tag] ?? locales[`${language}-${script}`] ?? locales[language];
  const loaded = await load?.().catch(() => undefined);
  return { tag, phrases: loaded?.phrases ?? {} };
}
