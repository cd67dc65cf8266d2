/** Asks after the typist has paused, and shows only the answer to the latest question. */

export interface Timing {
  /** How long nothing may happen before a question is asked. */
  pause: number;
  /** How long a question may be put off by somebody who never pauses. */
  patience: number;
}

export class Latest<Question, Answer> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince: number | undefined;
  private running: AbortController | undefined;

  constructor(
    private readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>,
    private readonly show: (answer: Answer) => void,
    private readonly fail: () => void,
    private readonly timing: Timing = { pause: 100, patience: 400 },
  ) {}

  /** Asks as soon as nothing else comes. */
  soon(question: Question): void {
    const now = Date.now();
    this.waitingSince ??= now;
    clearTimeout(this.timer);
    const left = this.waitingSince + this.timing.patience - now;
    this.timer = setTimeout(() => void this.now(question), Math.max(0, Math.min(this.timing.pause, left)));
  }

  /** Asks at once. The promise settles when the answer is shown, or is no longer wanted. */
  async now(question: Question): Promise<void> {
    this.stop();
    const controller = new AbortController();
    this.running = controller;
    try {
      const answer = await this.ask(question, controller.signal);
      if (!controller.signal.aborted) {
        this.show(answer);
      }
    } catch {
      if (!controller.signal.aborted) {
        this.fail();
      }
    }
  }

  /** Forgets what is waiting and what is on its way. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waitingSince = undefined;
    this.running?.abort();
    this.running = undefined;
  }
}
