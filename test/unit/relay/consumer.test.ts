// Consumers, driven without a socket. What they are promised stands in relay/src/consumer/consumer.ts and layer/layer.ts.

import type { Admission, ConnectRequest, Handlers } from '@chat-room/relay';
import { Consumer, LayerError, route } from '@chat-room/relay';
import { RefusedError, TestRelay } from '@chat-room/relay/testing';
import { describe, expect, test } from 'vitest';
import { Gate } from '../../support/gate.ts';

type Said = { readonly type: 'said'; readonly text: string };

/** Says everything to everybody in its room. */
class Megaphone extends Consumer<{ readonly room: string }> implements Handlers<Said> {
  override async connect(): Promise<void> {
    await this.groupAdd(`room-${this.params.room}`);
  }

  override async receive(data: string | Uint8Array): Promise<void> {
    await this.groupSend(`room-${this.params.room}`, { type: 'said', text: String(data) });
  }

  onSaid({ text }: Said): void {
    this.send(text);
  }
}

const megaphones = [route('/ws/megaphone/:room', Megaphone)];

describe('a consumer', () => {
  test('is bound to a route with parameters, and what is sent to a group reaches every channel in it', async () => {
    const relay = new TestRelay({ routes: megaphones });
    const [ada, bob, eve] = await Promise.all(['a', 'a', 'b'].map((room) => relay.connect(`/ws/megaphone/${room}`)));
    await ada?.send('hello');
    expect(await Promise.all([ada?.receive(), bob?.receive()])).toEqual(['hello', 'hello']);
    expect(eve?.waiting).toEqual([]);
  });

  test('can be sent to from outside, by group and by channel', async () => {
    const relay = new TestRelay({ routes: megaphones });
    const ada = await relay.connect('/ws/megaphone/a');
    await relay.layer.groupSend('room-a', { type: 'said', text: 'from a timer' });
    expect(await relay.layer.send(ada.channel, { type: 'said', text: 'to you alone' })).toBe('delivered');
    expect([await ada.receive(), await ada.receive()]).toEqual(['from a timer', 'to you alone']);
  });

  test('is gone for good with its connection, and the sender learns it', async () => {
    const relay = new TestRelay({ routes: megaphones });
    const ada = await relay.connect('/ws/megaphone/a');
    await ada.disconnect();
    expect(await relay.layer.send(ada.channel, { type: 'said', text: 'x' })).toBe('gone');
    expect(await relay.layer.groupAdd('room-a', ada.channel)).toBe(false);
    await relay.layer.groupSend('room-a', { type: 'said', text: 'nobody is here' });
    for (const nobody of ['', 'x', 'abc.def', '.']) expect(await relay.layer.send(nobody, { type: 'said' })).toBe('gone');
  });

  test('leaves a group when it is discarded', async () => {
    const relay = new TestRelay({ routes: megaphones });
    const ada = await relay.connect('/ws/megaphone/a');
    await relay.layer.groupDiscard('room-a', ada.channel);
    await relay.layer.groupSend('room-a', { type: 'said', text: 'x' });
    await ada.idle();
    expect(ada.waiting).toEqual([]);
  });

  test('channels have names of their own that say nothing of each other', async () => {
    const relay = new TestRelay({ routes: megaphones });
    const channels = await Promise.all(Array.from({ length: 50 }, async () => (await relay.connect('/ws/megaphone/a')).channel));
    expect(new Set(channels).size).toBe(50);
    for (const channel of channels) expect(channel).toMatch(/^[\w-]{12}\.[\w-]{20}$/);
  });

  test('may do nothing at all, but listen to its channel', async () => {
    const relay = new TestRelay({ routes: [route('/quiet', Consumer)] });
    const client = await relay.connect('/quiet');
    await client.send('anybody?');
    await relay.layer.send(client.channel, { type: 'send', text: 'yes' });
    expect(await client.receive()).toBe('yes');
    await client.disconnect();
    expect(relay.faults).toEqual([]);
  });

  test('takes and sends bytes', async () => {
    class Echo extends Consumer {
      override receive(data: string | Uint8Array): void {
        this.send(data);
      }
    }
    const relay = new TestRelay({ routes: [route('/echo', Echo)] });
    const client = await relay.connect('/echo');
    await client.send(new Uint8Array([1, 2, 3]));
    expect(await client.receive()).toEqual(new Uint8Array([1, 2, 3]));
  });
});

describe('group messages of the layer’s own', () => {
  class Listener extends Consumer {
    override connect(): Promise<void> {
      return this.groupAdd('news');
    }
  }
  class Looker extends Listener implements Handlers<{ readonly type: 'send'; readonly text: string }> {
    onSend({ text }: { readonly text: string }): void {
      this.send(`looked at: ${text}`);
    }
  }
  const routes = [route('/listen', Listener), route('/look', Looker)];

  test('`send` goes out as it is, but to a consumer that wants to see it first', async () => {
    const relay = new TestRelay({ routes });
    const listener = await relay.connect('/listen');
    const looker = await relay.connect('/look');
    await relay.layer.groupSend('news', { type: 'send', text: 'hello' });
    await relay.layer.groupSend('news', { type: 'send', base64: 'AQI=' });
    expect([await listener.receive(), await looker.receive()]).toEqual(['hello', 'looked at: hello']);
    expect(new Uint8Array((await listener.receive()) as Uint8Array)).toEqual(new Uint8Array([1, 2]));
  });

  test('what is sent while a connection is still being let in arrives, once', async () => {
    const gate = new Gate();
    class Slow extends Consumer {
      override async connect(): Promise<void> {
        await this.groupAdd('news');
        gate.enter();
        await gate.opened;
      }
    }
    const relay = new TestRelay({ routes: [route('/slow', Slow)] });
    const connecting = relay.connect('/slow');
    await gate.entered;
    await relay.layer.groupSend('news', { type: 'send', text: 'early' });
    gate.open();
    const client = await connecting;
    await relay.layer.groupSend('news', { type: 'send', text: 'late' });
    await client.idle();
    expect(client.waiting).toEqual(['early', 'late']);
  });

  test('`close` ends the connection', async () => {
    const relay = new TestRelay({ routes });
    const client = await relay.connect('/listen');
    expect(await relay.layer.send(client.channel, { type: 'close', code: 4321, reason: 'enough' })).toBe('delivered');
    expect(await client.closed).toBe(4321);
  });

  test.each([{ code: 999 }, { code: 1005 }, { code: 1006 }, { code: '4000' }, { code: 5000 }, { reason: 7 }])(
    '`close` with what can not be told to a socket does nothing: %j',
    async (wrong) => {
      const relay = new TestRelay({ routes });
      const client = await relay.connect('/listen');
      await relay.layer.send(client.channel, { type: 'close', ...wrong });
      await relay.layer.send(client.channel, { type: 'send', text: 'still here' });
      expect(await client.receive()).toBe('still here');
    },
  );

  test('a message without a handler is dropped and counted, and harms nobody', async () => {
    const relay = new TestRelay({ routes });
    const client = await relay.connect('/listen');
    await relay.layer.send(client.channel, { type: 'constructor' });
    await relay.layer.send(client.channel, { type: 'unheardOf' });
    expect(relay.dropped).toEqual([
      { why: 'unhandled', type: 'constructor' },
      { why: 'unhandled', type: 'unheardOf' },
    ]);
    await relay.layer.send(client.channel, { type: 'send', text: 'still here' });
    expect(await client.receive()).toBe('still here');
  });

  test('a wrong message or group is a LayerError, and nothing is sent', async () => {
    const { layer } = new TestRelay({ routes });
    const cyclic: { type: string; self?: unknown } = { type: 'said' };
    cyclic.self = cyclic;
    await expect(layer.groupSend('news', { type: 'Not a name' })).rejects.toMatchObject({ code: 'bad_message' });
    await expect(layer.groupSend('news', cyclic)).rejects.toMatchObject({ code: 'bad_message' });
    await expect(layer.groupSend('news', { type: 'send' })).rejects.toMatchObject({ code: 'bad_message' });
    await expect(layer.groupSend('news', { type: 'send', text: 'x'.repeat(262_145) })).rejects.toBeInstanceOf(LayerError);
    await expect(layer.groupSend(' padded ', { type: 'said' })).rejects.toMatchObject({ code: 'bad_group' });
  });
});

describe('[P6] a consumer that fails', () => {
  class Failing extends Consumer implements Handlers<{ readonly type: 'fail' }> {
    override connect({ query }: ConnectRequest): void {
      if (query === 'connect') throw new Error('in connect');
    }
    override async receive(data: string | Uint8Array): Promise<void> {
      if (data === 'later') await Promise.resolve();
      if (data !== 'fine') throw new Error(`in receive ${String(data)}`);
      this.send('fine');
    }
    override disconnect(): void {
      throw new Error('in disconnect');
    }
    async onFail(): Promise<void> {
      throw new Error('in a handler');
    }
  }
  const routes = [route('/failing', Failing), ...megaphones];
  const errors = (relay: TestRelay): string[] => relay.faults.map(({ error }) => (error as Error).message);

  test.each(['at once', 'later'])(
    'ends its own connection with 4004 (%s), is told of with route and channel, and touches nobody else',
    async (what) => {
      const relay = new TestRelay({ routes });
      const [failing, other, bystander] = await Promise.all(
        ['/failing', '/failing', '/ws/megaphone/a'].map((path) => relay.connect(path)),
      );
      await failing?.send(what);
      expect(await failing?.closed).toBe(4004);
      expect(relay.faults[0]).toMatchObject({ route: '/failing', channel: failing?.channel });
      expect(errors(relay)).toEqual([`in receive ${what}`, 'in disconnect']);
      await other?.send('fine');
      await bystander?.send('hello');
      expect([await other?.receive(), await bystander?.receive()]).toEqual(['fine', 'hello']);
    },
  );

  test('in a handler: the same, and the sender does not hear of it', async () => {
    const relay = new TestRelay({ routes });
    const failing = await relay.connect('/failing');
    expect(await relay.layer.send(failing.channel, { type: 'fail' })).toBe('delivered');
    expect(await failing.closed).toBe(4004);
    expect(errors(relay)[0]).toBe('in a handler');
  });

  test('in connect: the request is answered 500, and its channel is gone', async () => {
    const relay = new TestRelay({ routes });
    await expect(relay.connect('/failing?connect')).rejects.toMatchObject({ status: 500 });
    expect(errors(relay)).toEqual(['in connect', 'in disconnect']);
  });
});

describe('a connection is refused', () => {
  const refusing = (admission: Admission) =>
    route(
      '/door',
      (connection) =>
        new (class extends Consumer {
          override connect(): Admission {
            return admission;
          }
        })(connection),
    );

  test('with an HTTP status, before it is one', async () => {
    const relay = new TestRelay({ routes: [refusing({ accept: false, status: 402, message: 'Pay first.' })] });
    await expect(relay.connect('/door')).rejects.toThrow(new RefusedError(402, 'Pay first.'));
  });

  test('with a close code, over the open socket', async () => {
    const relay = new TestRelay({ routes: [refusing({ accept: false, code: 4403, message: 'Not you.' })] });
    expect(await (await relay.connect('/door')).closed).toBe(4403);
  });

  test('where there is no route', async () => {
    await expect(new TestRelay({ routes: [] }).connect('/door')).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    ['unauthorized', 401],
    ['unavailable', 503],
  ] as const)('by the authenticator: %s', async (code, status) => {
    const authenticate = () => ({ outcome: 'refused', refusal: { code, message: 'No.' } }) as const;
    await expect(new TestRelay({ routes: megaphones, authenticate }).connect('/ws/megaphone/a')).rejects.toMatchObject({
      status,
    });
  });

  test('as unavailable, where the authenticator itself fails', async () => {
    const failing = (): never => {
      throw new Error('at once');
    };
    for (const authenticate of [failing, () => Promise.reject(new Error('later'))]) {
      const relay = new TestRelay({ routes: megaphones, authenticate });
      await expect(relay.connect('/ws/megaphone/a')).rejects.toMatchObject({ status: 503 });
      expect(relay.faults).toHaveLength(1);
    }
  });

  test('and agrees on the subprotocol that the consumer names', async () => {
    const relay = new TestRelay({ routes: [refusing({ accept: true, subprotocol: 'knock.v1' })] });
    expect((await relay.connect('/door')).subprotocol).toBe('knock.v1');
  });
});

describe('one thing at a time', () => {
  /** Waits at its gate for each message, and writes down the order of things. */
  const busy = (gate: Gate, diary: string[]) => {
    class Busy extends Consumer implements Handlers<{ readonly type: 'note'; readonly n: number }> {
      override async receive(data: string | Uint8Array): Promise<void> {
        diary.push(`begin ${String(data)}`);
        await gate.opened;
        diary.push(`end ${String(data)}`);
      }
      onNote({ n }: { readonly n: number }): void {
        diary.push(`note ${n}`);
      }
      override disconnect(code: number): void {
        diary.push(`disconnect ${code}`);
      }
    }
    return [route('/busy', Busy)];
  };

  test('what comes while a consumer is at work waits, in order', async () => {
    const gate = new Gate();
    const diary: string[] = [];
    const relay = new TestRelay({ routes: busy(gate, diary) });
    const client = await relay.connect('/busy');
    const sent = [client.send('a'), client.send('b')];
    expect(await relay.layer.send(client.channel, { type: 'note', n: 1 })).toBe('delivered');
    expect(diary).toEqual(['begin a']);
    gate.open();
    await Promise.all(sent);
    expect(diary).toEqual(['begin a', 'end a', 'begin b', 'end b', 'note 1']);
  });

  test('a full queue drops layer messages for that channel alone, and says so', async () => {
    const gate = new Gate();
    const diary: string[] = [];
    const relay = new TestRelay({ routes: busy(gate, diary) });
    const client = await relay.connect('/busy');
    const other = await relay.connect('/busy');
    void client.send('a');
    for (let n = 1; n <= 100; n++) expect(await relay.layer.send(client.channel, { type: 'note', n })).toBe('delivered');
    expect(await relay.layer.send(client.channel, { type: 'note', n: 101 })).toBe('full');
    expect(await relay.layer.send(other.channel, { type: 'note', n: 0 })).toBe('delivered');
    expect(relay.dropped).toEqual([{ why: 'full', type: 'note' }]);
    gate.open();
    await client.idle();
    expect(diary.at(-1)).toBe('note 100');
  });

  test('[P5] a client that sends more than its consumer can take is closed with 4005', async () => {
    const gate = new Gate();
    const relay = new TestRelay({ routes: busy(gate, []) });
    const [many, large] = [await relay.connect('/busy'), await relay.connect('/busy')];
    for (let i = 0; i < 258; i++) void many.send(`${i}`);
    void large.send('first');
    void large.send('x'.repeat(1024 * 1024 + 1));
    expect([await many.closed, await large.closed]).toEqual([4005, 4005]);
    gate.open();
  });

  test('a client that goes is told of when the work is done, and what waited is dropped', async () => {
    const gate = new Gate();
    const diary: string[] = [];
    const relay = new TestRelay({ routes: busy(gate, diary) });
    const client = await relay.connect('/busy');
    void client.send('a');
    void client.send('b');
    const gone = client.disconnect(1001);
    await client.closed;
    expect(await relay.layer.send(client.channel, { type: 'note', n: 1 })).toBe('gone');
    expect(diary).toEqual(['begin a']);
    gate.open();
    await gone;
    expect(diary).toEqual(['begin a', 'end a', 'disconnect 1001']);
  });
});
