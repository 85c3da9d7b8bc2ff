// A histogram of whole numbers whose buckets grow with the value: 128 to each power of two, so that a quantile is off by less
// than one part in 128, whatever its size, and recording costs one addition.

const SUB_BUCKETS = 128;
const SUB_BITS = 7;
/** Values up to 2^31 - 1: in microseconds, 35 minutes. */
const MAX_VALUE = 2 ** 31 - 1;

export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export class Histogram {
  readonly #counts = new Float64Array(SUB_BUCKETS * (32 - SUB_BITS + 1));
  #count = 0;
  #max = 0;

  /** Counts a value. Below 0 it counts as 0, above 2^31 - 1 as that. */
  record(value: number): void {
    const whole = Math.min(MAX_VALUE, Math.max(0, Math.round(value)));
    this.#counts[bucketOf(whole)] = (this.#counts[bucketOf(whole)] as number) + 1;
    this.#count += 1;
    if (whole > this.#max) this.#max = whole;
  }

  /** The value below or at which this share of all lies; 0 where nothing was recorded. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(this.#max, middleOf(bucket));
    }
    return 0;
  }

  quantiles(): Quantiles {
    return {
      count: this.#count,
      p50: this.quantile(0.5),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.#max,
    };
  }
}

function bucketOf(value: number): number {
  const exponent = Math.max(0, 31 - Math.clz32(value) - SUB_BITS + 1);
  return exponent === 0 ? value : exponent * SUB_BUCKETS + (value >>> (exponent - 1)) - SUB_BUCKETS;
}

function middleOf(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const exponent = Math.floor(bucket / SUB_BUCKETS);
  const low = (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * 2 ** (exponent - 1);
  return low + Math.floor(2 ** (exponent - 1) / 2);
}
