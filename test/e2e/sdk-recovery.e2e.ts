// The SDK against a real relay that is killed, and a real network that is cut: what people see is each message once.

import { rmSync } from 'node:fs';
import { ChatClient } from '@chat-room/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { offsetOf, Person } from '../support/person.ts';
import { temporaryDir } from '../support/relay-fixture.ts';
import type { RelayProcess } from '../support/relay-process.ts';
import { spawnRelay } from '../support/relay-process.ts';

let data: string;
let relay: RelayProcess;
let proxy: FaultProxy;

const spawn = (...more: string[]): Promise<RelayProcess> =>
  spawnRelay({ args: ['--port', '0', '--host', '127.0.0.1', '--data', data, '--publish-rate', '0', ...more] });

beforeEach(async () => {
  data = temporaryDir();
  relay = await spawn();
  proxy = await startFaultProxy(relay.port);
});
afterEach(async () => {
  await proxy.close();
  await relay.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

/** Kills the relay, and starts another on what it left. */
async function killAndRestart(): Promise<void> {
  await relay.kill('SIGKILL');
  relay = await spawn();
  proxy.target = relay.port;
}

const person = (name: string): Person => new Person(name, proxy.port);
const inOrder = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a relay that is killed under load', () => {
  test('[P1] [P2] [P3] [P4] everyone hears every message once, in one order, and what was typed meanwhile arrives once', async () => {
    const people = ['Ada', 'Bob', 'Cy'].map(person);
    await Promise.all(people.map(({ room }) => room.join()));
    let said = 0;
    const everyoneSays = (count: number): void => {
      for (let i = 0; i < count; i++) for (const person of people) person.say(`message ${++said}`);
    };
    for (let round = 0; round < 3; round++) {
      everyoneSays(60);
      await people[round]?.said.at(-40); // some of it is stored, some is under way
      const restarted = killAndRestart();
      everyoneSays(5); // while there is no relay
      await restarted;
      await Promise.all(people.map((person) => person.hears(said)));
    }
    const receipts = await Promise.all(people.flatMap((person) => person.said));
    expect(new Set(receipts.map((receipt) => receipt.offset)).size).toBe(said);
    for (const person of people) {
      expect(person.offsets).toEqual(inOrder(said));
      expect(new Set(person.heard.map((message) => message.text)).size).toBe(said);
      expect(person.losses).toEqual([]);
      expect(person.room.timeline.map(offsetOf)).toEqual(inOrder(said));
      await person.client.close();
    }
  });
});

describe('a network that is cut', () => {
  test('[P3] [P4] cut again and again in mid-flow, nothing is lost and nothing doubled', async () => {
    const [ada, bob] = [person('Ada'), person('Bob')];
    await Promise.all([ada.room.join(), bob.room.join()]);
    for (let i = 0; i < 300; i++) {
      ada.say(`a${i}`);
      bob.say(`b${i}`);
      if (i % 75 === 74) {
        await ada.said.at(-20);
        proxy.cut();
      }
    }
    await Promise.all([ada.hears(600), bob.hears(600)]);
    await Promise.all([...ada.said, ...bob.said]);
    for (const { offsets, losses, client: each } of [ada, bob]) {
      expect(offsets).toEqual(inOrder(600));
      expect(losses).toEqual([]);
      await each.close();
    }
  });

  test('[JOI3] [EVT3] more was missed than one reply holds: all of it comes, in order', async () => {
    const [ada, bob] = [person('Ada'), person('Bob')];
    await Promise.all([ada.room.join(), bob.room.join()]);
    ada.say('before');
    await bob.hears(1);
    proxy.refuses = true;
    proxy.cut();
    const writer = new ChatClient({ url: relay.ws });
    await Promise.all(Array.from({ length: 700 }, (_, i) => writer.room('lobby').send(`missed ${i}`)));
    proxy.refuses = false;
    await Promise.all([ada.client.connect(), bob.client.connect()]);
    await Promise.all([ada.hears(701), bob.hears(701)]);
    for (const { offsets, losses } of [ada, bob]) {
      expect(offsets).toEqual(inOrder(701));
      expect(losses).toEqual([]);
    }
    await Promise.all([ada.client.close(), bob.client.close(), writer.close()]);
  });

  test('[JOI4] [P4] what the log no longer reaches back to is told, never partial', async () => {
    await relay.kill('SIGTERM');
    relay = await spawn('--keep-events', '20');
    proxy.target = relay.port;
    const ada = person('Ada');
    await ada.room.join();
    ada.say('before');
    await ada.hears(1);
    proxy.refuses = true;
    proxy.cut();
    const writer = new ChatClient({ url: relay.ws });
    for (let i = 0; i < 50; i++) await writer.room('lobby').send(`missed ${i}`);
    proxy.refuses = false;
    await ada.client.connect();
    const last = await writer.room('lobby').send('after');
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (ada.heard.some((message) => offsetOf(message) === last.offset)) resolve();
      };
      ada.room.on('message', check);
      check();
    });
    expect(ada.losses).toEqual(['trimmed']);
    const offsets = ada.offsets;
    expect(offsets).toEqual([1, ...inOrder(last.offset).slice(-(offsets.length - 1))]);
    await Promise.all([ada.client.close(), writer.close()]);
  });

  test('[POS1] [POS2] [P5] one that stops reading misses pushes, harms nobody, and recovers all of them', async () => {
    const slow = person('Slow');
    await slow.room.join();
    const fast = new ChatClient({ url: relay.ws });
    let heardByFast = 0;
    fast.room('lobby').on('message', () => heardByFast++);
    await fast.room('lobby').join();
    proxy.stall();
    const text = 'x'.repeat(8_000);
    for (let i = 0; i < 40; i++) await Promise.all(Array.from({ length: 50 }, () => fast.room('lobby').send(text)));
    expect(heardByFast).toBe(2_000);
    const metrics = await (await fetch(`${relay.http}/metrics`)).text();
    expect(Number(/chat_room_drops_total (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(0);
    proxy.resume();
    await slow.hears(2_000);
    expect(slow.offsets).toEqual(inOrder(2_000));
    expect(slow.losses).toEqual([]);
    await Promise.all([slow.client.close(), fast.close()]);
  });
});
