import { describe, expect, test } from 'vitest';
import type { RoomEvent } from '../../../sdk/src/protocol/index.ts';
import { echoOf } from '../../../sdk/src/room/fold.ts';
import { Timeline } from '../../../sdk/src/room/timeline.ts';

const ada = { id: 'ada', name: 'Ada' };
const bob = { id: 'bob', name: 'Bob' };

type Body = { type: string; [field: string]: unknown };

function event(offset: number, body: Body, from = bob, key = `k${offset}`): RoomEvent {
  return { offset, at: offset * 10, from, key, ...body } as RoomEvent;
}

const says = (offset: number, text = `text ${offset}`, from = bob): RoomEvent => event(offset, { type: 'message', text }, from);

function timeline(...events: RoomEvent[]): Timeline {
  const made = new Timeline(
    'r',
    () => 'ada',
    () => undefined,
  );
  made.restart({ epoch: 'e', offset: (events[0]?.offset ?? 1) - 1 });
  for (const one of events) made.append(one);
  return made;
}

const echo = (key: string) => echoOf({ text: `echo ${key}` }, 'e', { key, room: 'r', from: ada, at: 1 });

describe('fold', () => {
  test('an edit changes the text, and leaves the other messages the same objects', () => {
    const line = timeline(says(1), says(2));
    const before = line.messages;
    line.append(event(3, { type: 'edit', target: 1, text: 'better' }));
    expect(line.messages[0]).toMatchObject({ id: 'e:1', text: 'better', editedAt: 30 });
    expect(line.messages[1]).toBe(before[1]);
    expect(before[0]).toMatchObject({ text: 'text 1' });
  });

  test('[EVT5] deleted as it was read before, or redacted as it is read later: they look the same', () => {
    const original = event(1, { type: 'message', text: 'secret', data: { a: 1 }, replyTo: 1 });
    const edit = event(2, { type: 'edit', target: 1, text: 'still secret' });
    const reaction = event(3, { type: 'reaction', target: 1, reaction: '👍', action: 'add' });
    const remove = event(4, { type: 'delete', target: 1 });
    const early = timeline(original, edit, reaction, remove);
    const late = timeline(
      event(1, { type: 'redacted', was: 'message' }),
      event(2, { type: 'redacted', was: 'edit' }),
      reaction,
      remove,
    );
    expect(early.messages).toEqual(late.messages);
    expect(late.messages).toMatchObject([{ text: '', deletedAt: 40, reactions: [] }]);
  });

  test('reactions are grouped in the order in which they came, and one that is there already changes nothing', () => {
    const react = (offset: number, from: typeof ada, reaction: string, action = 'add'): RoomEvent =>
      event(offset, { type: 'reaction', target: 1, reaction, action }, from);
    const line = timeline(says(1), react(2, bob, '👍'), react(3, ada, '👍'), react(4, ada, '🎉'));
    const before = line.messages;
    expect(before[0]?.reactions).toEqual([
      { reaction: '👍', members: ['bob', 'ada'] },
      { reaction: '🎉', members: ['ada'] },
    ]);
    line.append(react(5, bob, '👍'));
    expect(line.messages).toBe(before);
    line.append(react(6, bob, '👍', 'remove'));
    line.append(react(7, ada, '🎉', 'remove'));
    expect(line.messages[0]?.reactions).toEqual([{ reaction: '👍', members: ['ada'] }]);
  });

  test('[FRM6] unknown and custom events count for their offset, and show as nothing', () => {
    const line = timeline(says(1), event(2, { type: 'unknown' }), event(3, { type: 'custom', name: 'x', data: 1 }), says(4));
    expect(line.messages.map(({ id }) => id)).toEqual(['e:1', 'e:4']);
  });

  test('[EVT6] an event that was seen changes nothing', () => {
    const line = timeline(says(1), event(2, { type: 'edit', target: 1, text: 'new' }));
    const before = line.messages;
    expect(line.append(event(2, { type: 'edit', target: 1, text: 'again' }))).toBeUndefined();
    expect(line.append(says(1))).toBeUndefined();
    expect(line.messages).toBe(before);
  });

  test('a change that names a later offset changes nothing, in whatever order they are loaded', () => {
    const odd = event(1, { type: 'edit', target: 2, text: 'prophecy' });
    expect(timeline(odd, says(2)).messages).toMatchObject([{ text: 'text 2' }]);
    const line = timeline(says(2));
    line.prepend([odd], 1);
    expect(line.messages).toMatchObject([{ text: 'text 2' }]);
  });
});

describe('loading back', () => {
  test('a change that came before its message is applied when the message is loaded', () => {
    const line = timeline(event(3, { type: 'edit', target: 1, text: 'new' }), event(4, { type: 'delete', target: 2 }));
    expect(line.messages).toEqual([]);
    expect(line.prepend([says(1), says(2)], 1)).toBe(true);
    expect(line.messages).toMatchObject([
      { text: 'new', editedAt: 30 },
      { text: '', deletedAt: 40 },
    ]);
  });

  test('a page that does not reach up to what is loaded is refused', () => {
    const line = timeline(says(5));
    const before = line.messages;
    expect(line.prepend([says(2), says(3)], 1)).toBe(false);
    expect(line.messages).toBe(before);
  });

  test('a page to look at changes nothing, and knows of later changes', () => {
    const line = timeline(event(3, { type: 'edit', target: 1, text: 'new' }), says(4));
    expect(line.view([says(1), says(2), says(4)])).toMatchObject([{ text: 'new' }, { text: 'text 2' }, { text: 'text 4' }]);
    expect(line.messages).toHaveLength(1);
  });
});

describe('echoes', () => {
  const stored = (offset: number, at: number) => ({ id: `e:${offset}`, at, delivery: { state: 'stored', offset } }) as const;

  test('[PUB1] the push comes first: the stored message takes the place and the key of its echo', () => {
    const line = timeline(says(1));
    line.echo('mine', echo('mine'));
    expect(line.messages.at(-1)).toMatchObject({ id: 'local:mine', key: 'mine', own: true, delivery: { state: 'sending' } });
    line.append(event(2, { type: 'message', text: 'echo mine' }, ada, 'mine'));
    line.deliver('mine', stored(2, 20), { epoch: 'e', offset: 2 });
    expect(line.messages.slice(1)).toMatchObject([
      { id: 'e:2', key: 'mine', own: true, delivery: { state: 'stored', offset: 2 } },
    ]);
  });

  test('[PUB1] the reply comes first: the echo is stored, and stays last until the log shows it', () => {
    const line = timeline(says(1));
    line.echo('mine', echo('mine'));
    line.deliver('mine', stored(3, 30), { epoch: 'e', offset: 3 });
    line.append(says(2));
    expect(line.messages.map(({ id, key }) => [id, key])).toEqual([
      ['e:1', 'e:1'],
      ['e:2', 'e:2'],
      ['e:3', 'mine'],
    ]);
    line.append(event(3, { type: 'message', text: 'echo mine' }, ada, 'mine'));
    expect(line.messages.map(({ id, key }) => [id, key])).toEqual([
      ['e:1', 'e:1'],
      ['e:2', 'e:2'],
      ['e:3', 'mine'],
    ]);
  });

  test("somebody else's message with the same key is another message", () => {
    const line = timeline();
    line.echo('mine', echo('mine'));
    line.append(event(1, { type: 'message', text: 'forged' }, bob, 'mine'));
    expect(line.messages.map(({ key }) => key)).toEqual(['e:1', 'mine']);
  });

  test('starting anew keeps what is not stored, and lets go of what was stored before', () => {
    const line = timeline(says(1));
    line.echo('old', echo('old'));
    line.echo('new', echo('new'));
    line.deliver('old', stored(2, 20), { epoch: 'e', offset: 2 });
    line.restart({ epoch: 'f', offset: 7 });
    expect(line.messages.map(({ key }) => key)).toEqual(['new']);
  });
});

test('ten thousand messages are appended without copying the list for each', () => {
  let changes = 0;
  const line = new Timeline(
    'r',
    () => 'ada',
    () => changes++,
  );
  line.restart({ epoch: 'e', offset: 0 });
  for (let offset = 1; offset <= 10_000; offset++) line.append(says(offset));
  const list = line.messages;
  expect(list).toHaveLength(10_000);
  expect(line.messages).toBe(list);
  expect(changes).toBe(10_001);
});
