// Asks the hook before publishes, so many at a time, each for so long, and knows what to do when it gives no verdict.

import type { ErrorCode, EventBody } from '@chat-room/sdk/protocol';
import { decodeClientFrame } from '@chat-room/sdk/protocol';
import type { Logger } from 'pino';
import type { BeforePublish, PublishRequest, PublishVerdict } from '../operations.ts';

/** When and for how long the hook is asked, and what a failure of it stands for. */
export interface HookPolicy {
  /** For how long one verdict may take. Default 1,000. */
  readonly timeoutMs?: number;
  /**
   * What becomes of an event that no verdict comes for: it is stored as it was sent (`pass`), or its author is told to try
   * again (`refuse`). Default `refuse`.
   */
  readonly onFailure?: 'pass' | 'refuse';
  /** Verdicts that are asked for at once; other events wait. Default 100. */
  readonly maxConcurrent?: number;
}

export interface HookParts {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Calls once after so many milliseconds, unless the function that it returns is called first. Default: the machine's. */
  readonly setTimer?: (callback: () => void, delayMs: number) => () => void;
}

/** What becomes of a draft. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'change'; readonly body: EventBody }
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly detail: string; readonly retryAfterMs?: number };

const TIMEOUT_MS = 1_000;
const MAX_CONCURRENT = 100;
const RETRY_AFTER_MS = 1_000;
/** UTF-16 code units of what a hook says to an author. */
const MAX_MESSAGE_LENGTH = 1_000;
const PASS: Verdict = { kind: 'pass' };
const DRAINING: Verdict = { kind: 'refuse', code: 'draining', detail: 'no verdict was asked for any more' };

interface Question {
  readonly request: PublishRequest;
  readonly epoch: string | undefined;
  readonly answer: (verdict: Verdict | Promise<Verdict>) => void;
}

export class HookCaller {
  readonly #hook: BeforePublish;
  readonly #policy: Required<HookPolicy>;
  readonly #parts: Required<HookParts>;
  /** Bounded by whoever asks: see `publisher.ts`. */
  readonly #waiting: Question[] = [];
  #asked = 0;
  #isFailing = false;
  #isClosed = false;

  constructor(hook: BeforePublish, policy: HookPolicy, parts: HookParts) {
    this.#hook = hook;
    this.#policy = { timeoutMs: TIMEOUT_MS, onFailure: 'refuse', maxConcurrent: MAX_CONCURRENT, ...policy };
    this.#parts = { setTimer: startTimer, ...parts };
  }

  /** Resolves with what becomes of the event; never rejects. `epoch` is the one that offsets in the event belong to. */
  ask(request: PublishRequest, epoch: string | undefined): Promise<Verdict> {
    if (this.#isClosed) return Promise.resolve(DRAINING);
    return new Promise((answer) => {
      this.#waiting.push({ request, epoch, answer });
      this.#askNext();
    });
  }

  /** What is being asked gets its verdict; what waits is refused, and so is what comes. */
  close(): void {
    this.#isClosed = true;
    for (const { answer } of this.#waiting.splice(0)) answer(DRAINING);
  }

  #askNext(): void {
    if (this.#asked >= this.#policy.maxConcurrent) return;
    const question = this.#waiting.shift();
    if (!question) return;
    this.#asked++;
    question.answer(
      this.#verdictOn(question).finally(() => {
        this.#asked--;
        this.#askNext();
      }),
    );
  }

  async #verdictOn({ request, epoch }: Question): Promise<Verdict> {
    try {
      const verdict = checked(await this.#inTime(request), epoch);
      this.#recovered();
      return verdict;
    } catch (error) {
      this.#failed(error);
      if (this.#policy.onFailure === 'pass') return PASS;
      return { kind: 'refuse', code: 'internal', detail: 'the hook gave no verdict', retryAfterMs: RETRY_AFTER_MS };
    }
  }

  async #inTime(request: PublishRequest): Promise<PublishVerdict> {
    const { timeoutMs } = this.#policy;
    const controller = new AbortController();
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#parts.setTimer(() => {
        const error = new Error(`no verdict within ${timeoutMs} ms`);
        reject(error);
        controller.abort(error);
      }, timeoutMs);
    });
    try {
      return await Promise.race([this.#hook(request, controller.signal), late]);
    } finally {
      cancel();
    }
  }

  #failed(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const { onFailure } = this.#policy;
    const meanwhile = onFailure === 'pass' ? 'events pass as they are' : 'events are refused';
    this.#parts.log.warn({ err: error, onFailure }, `the hook before publishes gives no verdict: ${meanwhile} until it does`);
  }

  #recovered(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#parts.log.info('the hook before publishes gives verdicts again');
  }
}

/** The verdict, with a changed event as the decoder reads it: whoever wrote the hook, its types may be wishes. Throws. */
function checked(verdict: PublishVerdict, epoch: string | undefined): Verdict {
  switch (verdict.verdict) {
    case 'pass':
      return PASS;
    case 'refuse': {
      const code = verdict.code === 'internal' ? 'internal' : 'forbidden';
      const detail = String(verdict.message).slice(0, MAX_MESSAGE_LENGTH);
      return { kind: 'refuse', code, detail, ...(code === 'internal' && { retryAfterMs: RETRY_AFTER_MS }) };
    }
    case 'change': {
      const frame = {
        type: 'publish',
        id: 1,
        room: 'room',
        key: 'key',
        event: verdict.event,
        ...(epoch !== undefined && { epoch }),
      };
      const decoded = decodeClientFrame(JSON.stringify(frame));
      if (!decoded.ok) throw new TypeError(`the changed event can't be published: ${decoded.detail}`);
      if (decoded.frame.type !== 'publish') throw new TypeError('the changed event is no event');
      return { kind: 'change', body: decoded.frame.event };
    }
    default:
      throw new TypeError('the verdict is none');
  }
}

function startTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
