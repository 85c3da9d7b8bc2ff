// What the widget says, in any language: phrases are data, so that a locale is a table and nothing else.

/** `{name}` stands for a value. Forms of a plural are chosen by the value `count`, as `Intl.PluralRules` names them. */
export type Phrase = string | { readonly [form in Intl.LDMLPluralRule]?: string };

/** A table of phrases. A locale may lack some: then English stands in. */
export type Phrases = { readonly [key: string]: Phrase };

/** Numbers are written as the language writes them. */
export type Values = { readonly [name: string]: string | number };

export type Translate<K extends string = string> = (key: K, values?: Values) => string;

/** A language, and what of its locale is loaded. */
export interface Language {
  /** A BCP 47 tag that Intl takes. */
  readonly tag: string;
  readonly phrases: Phrases;
}

/** Says the phrases of `english` in `language`. */
export function translator<P extends Phrases>(english: P, { tag, phrases }: Language): Translate<keyof P & string> {
  const numbers = new Intl.NumberFormat(tag);
  const plurals = new Intl.PluralRules(tag);
  return (key, values = {}) => {
    const phrase = phrases[key] ?? english[key] ?? key;
    const text = typeof phrase === 'string' ? phrase : (phrase[plurals.select(Number(values['count']))] ?? phrase.other ?? key);
    return text.replace(/\{(\w+)\}/gu, (_, name: string) => {
      const value = values[name] ?? '';
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}
