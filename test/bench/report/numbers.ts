/** A number for people: thousands separated, so many digits behind the point. */
export function plainNumber(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A ratio: two digits behind the point, three below 0.1. */
export function plainRatio(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(value < 0.1 ? 3 : 2);
}
