// A hook before publishes whose questions wait in a queue: the test answers them in whatever order it likes.

import type { BeforePublish, PublishRequest, PublishVerdict } from '../../relay/src/operations.ts';
import { Condition } from './condition.ts';

export interface Question {
  readonly request: PublishRequest;
  readonly signal: AbortSignal;
  readonly answer: (verdict: PublishVerdict) => void;
  readonly fail: (error: Error) => void;
}

export class AskedHook {
  /** In the order in which they were asked; answered ones stay. */
  readonly questions: Question[] = [];
  readonly #changed = new Condition();

  readonly hook: BeforePublish = (request, signal) =>
    new Promise((answer, fail) => {
      this.questions.push({ request, signal, answer, fail });
      this.#changed.changed();
    });

  /** The question about the event with this text, once it is asked. */
  about(text: string): Promise<Question> {
    return this.#changed.until(() => this.questions.findLast(({ request: { event } }) => 'text' in event && event.text === text));
  }

  async pass(text: string): Promise<void> {
    (await this.about(text)).answer({ verdict: 'pass' });
  }

  async change(text: string, to: string): Promise<void> {
    (await this.about(text)).answer({ verdict: 'change', event: { type: 'message', text: to } });
  }
}
