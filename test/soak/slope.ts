// Does it grow? A line through the second half of what was measured, when caches and pools have found their size.

export interface Point {
  /** Minutes since the start. */
  readonly atMin: number;
  readonly value: number;
}

export interface Trend {
  /** By how much the line rises in an hour. */
  readonly perHour: number;
  readonly mean: number;
  /** By how much it rises over what it was drawn through, as a part of the mean. */
  readonly growth: number;
}

/** What a heap holds after a collection: the least of each minute. Between collections it says how busy a relay was. */
export function floors(points: readonly Point[]): Point[] {
  const minutes = new Map<number, Point>();
  for (const point of points) {
    const minute = Math.floor(point.atMin);
    const least = minutes.get(minute);
    if (least === undefined || point.value < least.value) minutes.set(minute, point);
  }
  return [...minutes.values()];
}

/** The line of least squares through the second half; undefined for fewer than three points there. */
export function trendOf(points: readonly Point[]): Trend | undefined {
  const half = points.slice(Math.floor(points.length / 2));
  const [first, last] = [half[0], half.at(-1)];
  if (half.length < 3 || first === undefined || last === undefined) return undefined;
  const meanAt = meanOf(half.map(({ atMin }) => atMin));
  const mean = meanOf(half.map(({ value }) => value));
  const spread = sumOf(half.map(({ atMin }) => (atMin - meanAt) ** 2));
  const perMin = spread === 0 ? 0 : sumOf(half.map(({ atMin, value }) => (atMin - meanAt) * (value - mean))) / spread;
  return { perHour: perMin * 60, mean, growth: (perMin * (last.atMin - first.atMin)) / mean };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}
