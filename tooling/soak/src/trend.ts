/* Whether a series of samples stays level or grows: the first third against the last, along a fitted line. */

export interface Trend {
  readonly verdict: "flat" | "growing";
  /** The fitted value in the middle of the first third, and of the last. */
  readonly first: number;
  readonly last: number;
}

/** What may be gained between the thirds without being called growth. */
export interface Tolerance {
  /** As a share of the first third. */
  readonly share: number;
  /** In the unit of the series. */
  readonly least: number;
}

/**
 * @param values At even intervals; the warm-up left out.
 */
export function trend(values: readonly number[], { share, least }: Tolerance): Trend {
  const third = Math.max(1, Math.floor(values.length / 3));
  const { slope, middle } = fitted(values);
  const reach = slope * ((values.length - third) / 2);
  const first = middle - reach;
  const last = middle + reach;
  const allowed = Math.max(least, first * share);
  // One outlier at the end bends the line but does not move the median: both have to say so.
  const gained = median(values.slice(-third)) - median(values.slice(0, third));
  const growing = last - first > allowed && gained > allowed;
  return { verdict: growing ? "growing" : "flat", first, last };
}

/** Least squares over the places 0, 1, 2 … */
function fitted(values: readonly number[]): { slope: number; middle: number } {
  const middle = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const centre = (values.length - 1) / 2;
  let covariance = 0;
  let variance = 0;
  for (const [place, value] of values.entries()) {
    covariance += (place - centre) * (value - middle);
    variance += (place - centre) ** 2;
  }
  return { slope: variance === 0 ? 0 : covariance / variance, middle };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
