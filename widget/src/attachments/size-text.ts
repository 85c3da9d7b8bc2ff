const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A number of bytes as a person reads it: 1.4 MB. */
export function sizeText(bytes: number, tag: string): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(1_000)));
  const format = { style: 'unit', unit: UNITS[power] ?? 'byte', unitDisplay: 'short', maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(tag, format).format(bytes / 1_000 ** power);
}
