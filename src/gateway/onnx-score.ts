/** How much of one row of scores lies on the labels that mean an attack, from 0 to 1; undefined where it is no number. */
export function attackShare(row: readonly number[], attack: readonly number[]): number | undefined {
  if (row.length === 0 || !row.every(Number.isFinite)) return undefined
  const shares = sharesOf(row)
  const share = attack.reduce((sum, label) => sum + (shares[label] ?? 0), 0)
  return Math.min(1, Math.max(0, share))
}

/** One score is a logit or a share of its own; several are either shares already, or logits among which they are shared. */
function sharesOf(row: readonly number[]): readonly number[] {
  const areShares = row.every(value => value >= 0 && value <= 1)
  const [only] = row
  if (row.length === 1 && only !== undefined) return [1 / (1 + Math.exp(-only))]
  if (areShares && Math.abs(sum(row) - 1) < 1e-3) return row
  const most = Math.max(...row)
  const powers = row.map(value => Math.exp(value - most))
  const whole = sum(powers)
  return powers.map(power => power / whole)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
