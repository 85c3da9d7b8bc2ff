import { beforeEach, describe, expect, test } from 'vitest';
import { LiveRelays } from '../../../relay/src/engine/redis/live-relays.ts';
import { Stamps } from '../../../relay/src/engine/redis/stamps.ts';

describe('who lives', () => {
  let relays: LiveRelays;
  let now: number;
  const beat = (ages: Readonly<Record<string, number>>) => relays.beat(new Map(Object.entries({ own: 0, ...ages })), now);
  /** So many beats, a second apart. */
  const beats = (count: number, ages: Readonly<Record<string, number>>) => {
    const dead: string[] = [];
    for (let i = 0; i < count; i++) {
      now += 1_000;
      dead.push(...beat(ages).dead);
    }
    return dead;
  };
  beforeEach(() => {
    relays = new LiveRelays('own');
    now = 1_000;
  });

  test('a relay that was heard of lately lives, one that was silent for 3.5 s is dead, and this one is neither', () => {
    expect(beat({ other: 100, gone: 3_600 }).come).toEqual(['other']);
    expect([relays.has('other'), relays.has('gone'), relays.has('own')]).toEqual([true, false, false]);
    expect(beats(5, { other: 900 })).toEqual([]);
    expect(beats(1, { other: 3_500 })).toEqual(['other']);
    expect(beats(1, { other: 4_500 })).toEqual([]);
  });

  test('whoever was held up itself judges nobody for 4 s: all may have been', () => {
    beat({ other: 0 });
    beats(5, { other: 0 });
    now += 10_000;
    expect(beat({ other: 10_000 }).dead).toEqual([]);
    expect(beats(3, { other: 10_000 })).toEqual([]);
    expect(beats(1, { other: 10_000 })).toEqual(['other']);
  });

  test('where Redis has lost who lives, each has 4 s to speak again', () => {
    beat({ other: 0, late: 0 });
    beats(5, { other: 0, late: 0 });
    expect(beats(1, {})).toEqual([]);
    expect(beats(3, { other: 0 })).toEqual([]);
    expect(beats(1, { other: 0 })).toEqual(['late']);
  });

  test('one that tells of its members lives until the next word', () => {
    beat({});
    relays.heard('new');
    expect(relays.has('new')).toBe(true);
    relays.heard('own');
    expect(relays.has('own')).toBe(false);
  });

  test('dead beyond doubt is only who was silent for long, in the eyes of one who may judge', () => {
    beat({ gone: 60_000, quiet: 5_000 });
    expect(relays.isLongGone('gone', now)).toBe(false);
    beats(5, { gone: 60_000, quiet: 5_000 });
    expect(['gone', 'quiet', 'unheard'].map((relay) => relays.isLongGone(relay, now))).toEqual([true, false, true]);
  });
});

describe('stamps', () => {
  test('a repeat is known by its stamp, and what comes late is none', () => {
    const [sender, other, receiver] = [new Stamps('sender'), new Stamps('other'), new Stamps('receiver')];
    const [first, second] = [sender.stamp('one and more'), sender.stamp('two')];
    expect(receiver.open(second)).toEqual({ relay: 'sender', text: 'two' });
    expect(receiver.open(first)).toEqual({ relay: 'sender', text: 'one and more' });
    expect([receiver.open(first), receiver.open(second)]).toEqual([undefined, undefined]);
    expect(receiver.open(other.stamp(''))).toEqual({ relay: 'other', text: '' });
  });

  test('[P5] it remembers so many relays, and forgets the one it has known longest', () => {
    const receiver = new Stamps('receiver');
    const stamped = Array.from({ length: 1_001 }, (_, i) => new Stamps(`relay-${i}`).stamp('x'));
    for (const text of stamped) receiver.open(text);
    expect(receiver.open(stamped[1_000] ?? '')).toBeUndefined();
    expect(receiver.open(stamped[0] ?? '')).toBeDefined();
  });
});
