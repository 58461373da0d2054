/** The value below which this part (0 to 1) of the numbers lies; NaN of none. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** The number with so many digits after the point. */
export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits))
