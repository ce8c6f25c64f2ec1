/* Grows with each save of a page: the server may read a save that was given up after the one that followed it. */
export function rank() {
  return Math.round(performance.timeOrigin + performance.now());
}
