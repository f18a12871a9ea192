// How long to wait before asking again: longer after each failure, up to a limit; as usual once it works.

export class Backoff {
  /**
   * @param {number} usual
   * @param {number} max in the same unit
   */
  constructor(usual, max) {
    this.usual = usual;
    this.max = max;
    this.wait = usual;
  }

  succeeded() {
    this.wait = this.usual;
  }

  failed() {
    this.wait = Math.min(this.wait * 2, this.max);
  }
}
