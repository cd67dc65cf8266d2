/** How often the server may stop by itself before it stays stopped. */
export class Crashes {
  readonly #times: number[] = [];

  constructor(
    private readonly most = 4,
    private readonly within = 3 * 60_000,
  ) {}

  /** Notes a crash. Whether to start again. */
  again(now: number): boolean {
    this.#times.push(now);
    const recent = this.#times.filter((time) => now - time <= this.within);
    this.#times.splice(0, this.#times.length, ...recent);
    return recent.length <= this.most;
  }

  /** Forgets them, when the reader starts it. */
  forget(): void {
    this.#times.length = 0;
  }
}
