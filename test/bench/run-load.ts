import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromLoad, JoinReport, LoadJob, TaskReport, ToLoad } from './load/messages.ts';
import { CORE, ownCommand, start } from './processes.ts';

const STOP_MS = 5_000;

/** A process that makes load, and has joined. */
export class RunningLoad {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts a process with a job, and resolves when it has joined. Rejects where it fails. */
  static async start(job: LoadJob): Promise<{ readonly load: RunningLoad; readonly joined: JoinReport }> {
    const child = start(CORE.load, ownCommand('load'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const load = new RunningLoad(child);
    await load.#hear('ready');
    load.#say({ type: 'job', job });
    const { report } = await load.#hear('joined');
    return { load, joined: report };
  }

  /** Has it do its task. */
  async run(): Promise<TaskReport> {
    this.#say({ type: 'go' });
    return (await this.#hear('done')).report;
  }

  /** Joins more, up to so many connections in all. */
  async grow(connections: number): Promise<JoinReport> {
    this.#say({ type: 'go', connections });
    return (await this.#hear('joined')).report;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    this.#say({ type: 'end' });
    await closed;
    clearTimeout(timer);
  }

  #say(message: ToLoad): void {
    this.#child.send(message);
  }

  #hear<T extends FromLoad['type']>(type: T): Promise<Extract<FromLoad, { type: T }>> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The process that makes the load ended.'));
      this.#child.once('close', ended);
      this.#child.once('message', (message: FromLoad) => {
        this.#child.off('close', ended);
        if (message.type === type) resolve(message as Extract<FromLoad, { type: T }>);
        else reject(new Error(message.type === 'failed' ? message.message : `The load said ${message.type}, not ${type}.`));
      });
    });
  }
}
