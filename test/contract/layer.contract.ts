// What the layer promises (relay/src/layer/layer.ts), as tests. A rig has one relay or several that reach each other; the
// tests place channels `at(0)` and `at(1)`, which are two relays where the rig has two.

import type { Handlers, Layer } from '@chat-room/relay';
import { Consumer, route } from '@chat-room/relay';
import { TestRelay } from '@chat-room/relay/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Gate } from '../support/gate.ts';
import type { Buses } from '../support/two-relays.ts';

type Note = { readonly type: 'note'; readonly text: string };

/** Repeats each note it is sent, and stops at the gate for one that says `wait`. */
class Listener extends Consumer<{ readonly group: string }> implements Handlers<Note> {
  static gate = new Gate();

  override async connect(): Promise<void> {
    await this.groupAdd(this.params.group);
  }

  override async receive(text: string | Uint8Array): Promise<void> {
    await this.groupSend(this.params.group, { type: 'note', text: String(text) });
  }

  async onNote({ text }: Note): Promise<void> {
    this.send(text);
    if (text === 'wait') await Listener.gate.opened;
  }
}

const note = (text: string): Note => ({ type: 'note', text });
const run = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export function layerContract(name: string, createRig: () => Promise<Buses>): void {
  describe(`layer contract: ${name}`, () => {
    let rig: Buses;
    let relays: readonly TestRelay[];
    let groups = 0;
    const at = (i: number): TestRelay => relays[i % relays.length] as TestRelay;
    const layerAt = (i: number): Layer => at(i).layer;
    const freshGroup = (): string => `group-${++groups}`;

    beforeEach(async () => {
      rig = await createRig();
      relays = rig.buses.map((bus) => new TestRelay({ routes: [route('/listen/:group', Listener)], bus }));
      Listener.gate = new Gate();
    });
    afterEach(async () => {
      Listener.gate.open();
      await rig.dispose();
    });

    /** So many messages, as the channel's socket got them. */
    const received = async (client: Awaited<ReturnType<TestRelay['connect']>>, count: number): Promise<string[]> => {
      const texts: string[] = [];
      while (texts.length < count) texts.push(String(await client.receive()));
      return texts;
    };

    test('what is sent to a group reaches every channel in it, wherever it lives, and none beside it', async () => {
      const [group, other] = [freshGroup(), freshGroup()];
      const clients = await Promise.all(run(4).map((i) => at(i).connect(`/listen/${group}`)));
      const stranger = await at(1).connect(`/listen/${other}`);
      await layerAt(0).groupSend(group, note('hello'));
      await layerAt(1).groupSend(other, note('elsewhere'));
      for (const client of clients) expect(await client.receive()).toBe('hello');
      expect(await stranger.receive()).toBe('elsewhere');
      for (const client of [...clients, stranger]) expect(client.waiting).toEqual([]);
    });

    test('everyone sees the messages of a group in one order, whoever sent them', async () => {
      const group = freshGroup();
      const clients = await Promise.all(run(4).map((i) => at(i).connect(`/listen/${group}`)));
      const senders = run(4).map(async (sender) => {
        for (const n of run(25)) await layerAt(sender).groupSend(group, note(`${sender}:${n}`));
      });
      const [first, ...others] = await Promise.all(clients.map((client) => received(client, 100)));
      await Promise.all(senders);
      for (const order of others) expect(order).toEqual(first);
      for (const sender of run(4))
        expect(first?.filter((text) => text.startsWith(`${sender}:`))).toEqual(run(25).map((n) => `${sender}:${n}`));
    });

    test('messages to one group arrive in the order of the calls, also where nobody waits for the one before', async () => {
      const group = freshGroup();
      const client = await at(1).connect(`/listen/${group}`);
      await Promise.all(run(90).map((n) => layerAt(0).groupSend(group, note(`${n}`))));
      expect(await received(client, 90)).toEqual(run(90).map(String));
    });

    test('messages to one channel arrive in the order of the calls', async () => {
      const client = await at(1).connect(`/listen/${freshGroup()}`);
      const outcomes = await Promise.all(run(90).map((n) => layerAt(0).send(client.channel, note(`${n}`))));
      expect(new Set(outcomes)).toEqual(new Set(['delivered']));
      expect(await received(client, 90)).toEqual(run(90).map(String));
    });

    test('a sender learns that a channel is gone, or never was', async () => {
      const client = await at(1).connect(`/listen/${freshGroup()}`);
      expect(await layerAt(0).send(client.channel, note('there'))).toBe('delivered');
      await client.disconnect();
      const { channel } = client;
      const nobody = ['', 'x', `${'A'.repeat(12)}.${'B'.repeat(20)}`, `${channel.slice(0, 13)}${'C'.repeat(20)}`];
      for (const name of [channel, ...nobody]) {
        expect(await layerAt(0).send(name, note('x'))).toBe('gone');
        expect(await layerAt(0).groupAdd('g', name)).toBe(false);
      }
    });

    test('from when a channel was added it gets what is sent, and from when it was discarded nothing', async () => {
      const group = freshGroup();
      const client = await at(1).connect(`/listen/${freshGroup()}`);
      await layerAt(0).groupSend(group, note('too early'));
      expect(await layerAt(0).groupAdd(group, client.channel)).toBe(true);
      expect(await layerAt(0).groupAdd(group, client.channel)).toBe(true); // twice is once
      await layerAt(0).groupSend(group, note('in time'));
      expect(await client.receive()).toBe('in time');
      await layerAt(0).groupDiscard(group, client.channel);
      await layerAt(0).groupSend(group, note('too late'));
      await layerAt(0).send(client.channel, note('last'));
      expect(await client.receive()).toBe('last');
      expect(client.waiting).toEqual([]);
    });

    test('a channel leaves its groups with its connection, and a group may come back', async () => {
      const group = freshGroup();
      for (const round of run(3)) {
        const client = await at(round).connect(`/listen/${group}`);
        await layerAt(round + 1).groupSend(group, note(`round ${round}`));
        expect(await client.receive()).toBe(`round ${round}`);
        await client.disconnect();
      }
    });

    test('a busy consumer holds up nobody else; past its capacity messages are dropped, and `send` says so', async () => {
      const group = freshGroup();
      const busy = await at(0).connect(`/listen/${group}`);
      const others = await Promise.all([at(0), at(1)].map((relay) => relay.connect(`/listen/${group}`)));
      await layerAt(0).send(busy.channel, note('wait'));
      expect(await busy.receive()).toBe('wait');
      for (const n of run(100)) expect(await layerAt(1).send(busy.channel, note(`${n}`))).toBe('delivered');
      expect(await layerAt(1).send(busy.channel, note('too much'))).toBe('full');
      await layerAt(0).groupSend(group, note('to all'));
      for (const other of others) expect(await other.receive()).toBe('to all');
      Listener.gate.open();
      expect(await received(busy, 100)).toEqual(run(100).map(String));
      await busy.idle();
      expect(busy.waiting).toEqual([]);
    });

    test('`send` messages go out as they are: text and bytes', async () => {
      const group = freshGroup();
      const clients = await Promise.all(run(2).map((i) => at(i).connect(`/listen/${group}`)));
      await layerAt(1).groupSend(group, { type: 'send', text: 'né "quoted"\n\u2028' });
      await layerAt(1).groupSend(group, { type: 'send', base64: 'AAH/' });
      for (const client of clients) {
        expect(await client.receive()).toBe('né "quoted"\n\u2028');
        expect([...((await client.receive()) as Uint8Array)]).toEqual([0, 1, 255]);
      }
    });

    test('a message is JSON: what comes out is what JSON keeps of what went in', async () => {
      const client = await at(1).connect(`/listen/${freshGroup()}`);
      const message = { type: 'note', text: 'é\u0000"', nothing: undefined, when: new Date(0) };
      await layerAt(0).send(client.channel, message);
      expect(await client.receive()).toBe('é\u0000"');
    });

    test('a wrong message or group is refused, and nothing is sent', async () => {
      const layer = layerAt(0);
      await expect(layer.groupSend('', note('x'))).rejects.toMatchObject({ code: 'bad_group' });
      await expect(layer.groupSend('g', { type: '' })).rejects.toMatchObject({ code: 'bad_message' });
      await expect(layer.groupSend('g', note('x'.repeat(262_144)))).rejects.toMatchObject({ code: 'bad_message' });
      await expect(layer.send('x', { type: 'no-name' })).rejects.toMatchObject({ code: 'bad_message' });
    });

    test('a thousand groups come and go', async () => {
      const client = await at(1).connect(`/listen/${freshGroup()}`);
      const many = run(1_000).map(freshGroup);
      await Promise.all(many.map((group) => layerAt(0).groupAdd(group, client.channel)));
      for (const group of [many[0], many[500], many[999]] as string[]) {
        await layerAt(0).groupSend(group, note(group));
        expect(await client.receive()).toBe(group);
      }
      await client.disconnect();
    });
  });
}
