import type { Operations } from '@chat-room/relay';

type Call = { readonly name: string; readonly args: readonly unknown[] };

/** Operations that write down what they are asked, and answer what a test says. */
export class FakeOperations implements Operations {
  readonly calls: Call[] = [];
  readonly answers: Partial<{ [K in keyof Operations]: (...args: Parameters<Operations[K]>) => unknown }> = {};

  publish: Operations['publish'] = (...args) =>
    this.#answer('publish', args, { ok: true, position: { epoch: 'e', offset: 7 }, at: 1_000 });
  history: Operations['history'] = (...args) =>
    this.#answer('history', args, { position: { epoch: 'e', offset: 0 }, start: 1, events: [] });
  members: Operations['members'] = (...args) => this.#answer('members', args, { members: [], count: 0 });
  rooms: Operations['rooms'] = (...args) => this.#answer('rooms', args, { rooms: [] });
  stats: Operations['stats'] = (...args) =>
    this.#answer('stats', args, {
      room: args[0],
      position: { epoch: 'e', offset: 0 },
      start: 1,
      members: 0,
      connections: 0,
      slowModeMs: 0,
    });
  sanctions: Operations['sanctions'] = (...args) => this.#answer('sanctions', args, { sanctions: [] });
  sanctionsOn: Operations['sanctionsOn'] = (...args) => this.#answer('sanctionsOn', args, []);
  send: Operations['send'] = (...args) => this.#answer('send', args, 'delivered');
  disconnect: Operations['disconnect'] = (...args) => this.#answer('disconnect', args, 1);

  async #answer<K extends keyof Operations, T>(name: K, args: Parameters<Operations[K]>, usual: T): Promise<T> {
    this.calls.push({ name, args });
    const answer = this.answers[name] as ((...given: Parameters<Operations[K]>) => T) | undefined;
    return answer ? answer(...args) : usual;
  }
}
