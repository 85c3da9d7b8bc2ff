// A relay in a network namespace of its own, with one cable out of it that can be pulled: the kernel then loses what is sent,
// as it does when a switch dies. No proxy is in between, nothing is closed, and nobody is told.
import { execFileSync } from 'node:child_process';
import { Unavailable } from './unavailable.ts';

/** Two addresses of a net of four, one for each end of the cable: from the part of 198.18.0.0/15 that is kept for tests of networks. */
const NET = '198.18.77.';

export class Cable {
  /** Where whatever is inside can be reached from outside. */
  readonly inside: string;
  /** Where the outside can be reached from inside. */
  readonly outside: string;
  readonly #namespace: string;
  readonly #insideName: string;

  /** Throws `Unavailable` where this machine allows no namespaces. */
  constructor(index: number) {
    const unique = `${process.pid % 100_000}-${index}`;
    this.#namespace = `chat-room-${unique}`;
    this.#insideName = `cri${unique}`;
    const outsideName = `cro${unique}`;
    this.outside = `${NET}${index * 4 + 1}`;
    this.inside = `${NET}${index * 4 + 2}`;
    try {
      ip('netns', 'add', this.#namespace);
      ip('link', 'add', outsideName, 'type', 'veth', 'peer', 'name', this.#insideName, 'netns', this.#namespace);
      ip('address', 'add', `${this.outside}/30`, 'dev', outsideName);
      ip('link', 'set', outsideName, 'up');
      ip('-n', this.#namespace, 'link', 'set', 'lo', 'up');
      ip('-n', this.#namespace, 'address', 'add', `${this.inside}/30`, 'dev', this.#insideName);
      this.plug();
    } catch (error) {
      this.dispose();
      throw new Unavailable(`This machine allows no network namespaces (they need root): ${(error as Error).message}`);
    }
  }

  /** What a command starts with to run inside. */
  get enter(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#namespace];
  }

  pull(): void {
    ip('-n', this.#namespace, 'link', 'set', this.#insideName, 'down');
  }

  plug(): void {
    ip('-n', this.#namespace, 'link', 'set', this.#insideName, 'up');
  }

  /** The cable goes with the namespace that one of its ends is in. */
  dispose(): void {
    try {
      ip('netns', 'delete', this.#namespace);
    } catch {
      // it was not made
    }
  }
}

function ip(...args: readonly string[]): void {
  try {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message);
  }
}
