// Which language a widget speaks. English is at hand; every other locale is a file of its own, loaded when it is needed.
import type { Language, Phrases } from './translate.ts';

export type LoadLocale = () => Promise<{ readonly phrases: Phrases }>;

/** What the language is without a page that says otherwise, and where nothing else can be had. */
export const ENGLISH: Language = { tag: 'en', phrases: {} };

/** What an element is written in: its own `lang`, or that of what is around it. */
export function tagOf(element: HTMLElement): string {
  return element.closest('[lang]:not([lang=""])')?.getAttribute('lang') ?? navigator.language;
}

/** Loads a language. English where there is no such language (a wrong `lang` is common), or where its phrases can't be fetched. */
export async function loadLanguage(wanted: string, locales: { readonly [tag: string]: LoadLocale }): Promise<Language> {
  try {
    const locale = new Intl.Locale(wanted);
    const tag = locale.toString();
    // The first that fits: the whole tag, language and script (Chinese without one by its region), the language.
    const { language, script } = locale.maximize();
    const load = locales[tag] ?? locales[`${language}-${script}`] ?? locales[language];
    return { tag, phrases: (await load?.())?.phrases ?? {} };
  } catch {
    return ENGLISH;
  }
}
