// Moving by keys through a list.

/**
 * Where a step leads from `at` (-1: from outside) in a list of `length` (at least 1): never beyond its ends.
 * @param {number} at
 * @param {1 | -1} step
 * @param {number} length
 */
export function stepInList(at, step, length) {
  if (at === -1) return step > 0 ? 0 : length - 1;
  return Math.min(Math.max(at + step, 0), length - 1);
}
