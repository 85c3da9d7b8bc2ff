// Dates and numbers as the reader's language writes them.

const DAY_MS = 86_400_000;
/** The last instant that a Date can hold: Intl throws beyond it. */
const MAX_TIME = 8.64e15;

export interface Formats {
  /** 10:42 */
  readonly time: (at: number) => string;
  /** Today, Yesterday, Monday, 9 March, 9 March 2024: as short as it can be said. */
  readonly day: (at: number, now: number) => string;
  /** The whole of it, for a tooltip. */
  readonly moment: (at: number) => string;
  readonly count: (value: number) => string;
}

/** One instance per language: constructing Intl formatters is slow, using them is not. */
const known = new Map<string, Formats>();

export function formatsFor(language: string): Formats {
  const formats = known.get(language) ?? createFormats(supported(language));
  known.set(language, formats);
  return formats;
}

/** A wrong `lang` in a page is common, and no reason not to show messages. */
function supported(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}

function createFormats(locale: string | undefined): Formats {
  const dates = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (at) => format.format(Math.min(at, MAX_TIME));
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const weekday = dates({ weekday: 'long' });
  const date = dates({ day: 'numeric', month: 'long' });
  const dateWithYear = dates({ day: 'numeric', month: 'long', year: 'numeric' });
  const number = new Intl.NumberFormat(locale);

  return {
    time: dates({ hour: 'numeric', minute: '2-digit' }),
    moment: dates({ dateStyle: 'full', timeStyle: 'short' }),
    count: (value) => number.format(value),
    day: (at, now) => {
      const age = daysBetween(at, now);
      if (age === 0 || age === 1) return capitalised(relative.format(-age, 'day'), locale);
      if (age > 1 && age < 7) return capitalised(weekday(at), locale);
      return new Date(at).getFullYear() === new Date(now).getFullYear() ? date(at) : dateWithYear(at);
    },
  };
}

/** Calendar days of the reader's own time zone, not spans of 24 hours. */
function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / DAY_MS);
}

/** Midnight before `at`, by this machine's time zone. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function capitalised(text: string, locale: string | undefined): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
