// The README's table of speeds is what the results say.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { BenchResult } from '../../bench/result.ts';
import { summariesOf } from '../../bench/result.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const PEERS = {
  'bare uWebSockets.js broadcast, nothing kept': 'bare',
  '**chat-room**': 'chat-room',
  'chat-room, each message on the disk itself': 'chat-room-disk',
  'chat-room on Redis': 'chat-room-redis',
  'a loop over `ws`, nothing kept': 'ws',
  'Socket.IO': 'socket.io',
  'Django Channels': 'django',
} as const;

test('the ratios in the README are those of the results, to two digits', () => {
  const result = JSON.parse(read('test/bench/results.json')) as BenchResult;
  const ratiosOf = (name: string): ReadonlyMap<string, number> => {
    const scenario = result.scenarios.find((one) => one.name === name) ?? expect.fail(`no scenario ${name}`);
    const medians = new Map(
      summariesOf(result, scenario).map(({ peer, figures }) => [peer, figures['deliveriesPerSecond']?.median]),
    );
    const bare = medians.get('bare') ?? expect.fail('nothing to compare with');
    return new Map([...medians].map(([peer, median]) => [peer, (median ?? Number.NaN) / bare]));
  };
  const [oneRoom, manyRooms] = [ratiosOf('one-room'), ratiosOf('many-rooms')];
  const readme = read('README.md');
  for (const [title, peer] of Object.entries(PEERS)) {
    const row = readme.split('\n').find((line) => line.startsWith(`| ${title} `)) ?? expect.fail(`no row "${title}"`);
    const cells = row.split('|').map((cell) => cell.trim().replaceAll('*', ''));
    const wanted = [oneRoom, manyRooms].map((ratios) => (ratios.get(peer) ?? Number.NaN).toPrecision(2));
    expect(cells.slice(2, 4), title).toEqual(wanted);
  }
});
