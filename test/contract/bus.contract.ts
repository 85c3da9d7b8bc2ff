// What every bus promises (relay/src/layer/bus.ts), as tests. A rig has one relay or several; the tests speak of `at(0)` and
// `at(1)`, which are two where the rig has two.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bus } from '../../relay/src/layer/bus.ts';
import { Condition } from '../support/condition.ts';
import type { Buses } from '../support/two-relays.ts';

/** Who listens to a bus, and what came. */
class Listener {
  readonly heard: string[] = [];
  readonly bus: Bus;
  readonly #changed = new Condition();

  constructor(bus: Bus, name: number) {
    this.bus = bus;
    bus.listen({
      published: (group, text) => {
        this.heard.push(`${group}: ${text}`);
        this.#changed.changed();
      },
      asked: async (text) => `${name} was asked ${text}`,
    });
  }

  /** Resolves with what it heard, once that are so many. */
  hears(count: number): Promise<readonly string[]> {
    return this.#changed.until(() => (this.heard.length >= count ? this.heard : undefined));
  }
}

const run = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export function busContract(name: string, createRig: () => Promise<Buses>): void {
  describe(`bus contract: ${name}`, () => {
    let rig: Buses;
    let listeners: readonly Listener[];
    let groups = 0;
    const at = (i: number): Listener => listeners[i % listeners.length] as Listener;
    const fresh = (): string => `group ${++groups}/é`;

    beforeEach(async () => {
      rig = await createRig();
      listeners = rig.buses.map((bus, i) => new Listener(bus, i));
    });
    afterEach(() => rig.dispose());

    test('each relay has a name of its own, of 12 characters', () => {
      expect(new Set(rig.buses.map(({ relay }) => relay)).size).toBe(rig.buses.length);
      for (const { relay } of rig.buses) expect(relay).toMatch(/^[\w-]{12}$/);
    });

    test('what is published reaches whoever follows the group, its publisher too, and nobody else', async () => {
      const [group, other] = [fresh(), fresh()];
      for (const { bus } of listeners) await bus.follow(group);
      await at(1).bus.follow(other);
      await at(0).bus.publish(group, 'one');
      await at(0).bus.publish(other, 'two');
      await at(0).bus.publish(fresh(), 'nobody hears this');
      await at(1).hears(2);
      for (const [i, listener] of listeners.entries()) {
        await listener.hears(1);
        expect(listener.heard.filter((text) => text.startsWith(group))).toEqual([`${group}: one`]);
        if (i !== listeners.length - 1) expect(listener.heard).toHaveLength(1);
      }
    });

    test('everyone hears a group in one order, and each publisher in the order of its calls', async () => {
      const group = fresh();
      for (const { bus } of listeners) await bus.follow(group);
      await Promise.all(run(100).map((n) => at(n).bus.publish(group, `${n}`)));
      const [first, ...others] = await Promise.all(listeners.map((listener) => listener.hears(100)));
      for (const order of others) expect(order).toEqual(first);
      for (const publisher of run(listeners.length)) {
        const own = (first ?? []).map((text) => Number(text.split(': ')[1])).filter((n) => n % listeners.length === publisher);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
    });

    test('following twice is following once; from when it is not followed nothing comes', async () => {
      const [group, marker] = [fresh(), fresh()];
      await Promise.all([at(1).bus.follow(group), at(1).bus.follow(group), at(1).bus.follow(marker)]);
      await at(0).bus.publish(group, 'once');
      await at(1).hears(1);
      at(1).bus.unfollow(group);
      at(1).bus.unfollow(group);
      await at(0).bus.publish(group, 'too late');
      await at(1).bus.follow(group); // its confirmation comes after whatever was sent before
      await at(0).bus.publish(group, 'again');
      await at(0).bus.publish(marker, 'end');
      expect((await at(1).hears(3)).toSorted()).toEqual([`${group}: again`, `${group}: once`, `${marker}: end`].toSorted());
    });

    test('a relay is asked, and answers; where there is none the asker learns it', async () => {
      const { relay } = at(1).bus;
      expect(await at(0).bus.ask(relay, 'a question, with "quotes" and é')).toBe(
        `${rig.buses.length - 1} was asked a question, with "quotes" and é`,
      );
      expect(await at(0).bus.ask('AAAAAAAAAAAA', 'anybody?')).toBeUndefined();
      const answers = await Promise.all(run(200).map((n) => at(0).bus.ask(relay, `${n}`)));
      expect(answers).toEqual(run(200).map((n) => `${rig.buses.length - 1} was asked ${n}`));
    });

    test('all relays are asked at once', async () => {
      expect((await at(0).bus.askAll('x')).toSorted()).toEqual(run(rig.buses.length).map((i) => `${i} was asked x`));
    });
  });
}
