import { expect, test } from 'vitest';
import { readCommandLine } from '../../bench/command-line.ts';

test('without arguments everything is measured, three times', () => {
  expect(readCommandLine([])).toEqual({
    kind: 'run',
    options: { effort: 'full', scenarios: [], peers: [], repetitions: 3, write: false },
  });
});

test('arguments choose what is measured, and how often', () => {
  expect(readCommandLine(['one-room', 'storm', '--peers', 'chat-room,bare', '--repeat', '5', '--quick'])).toEqual({
    kind: 'run',
    options: { effort: 'quick', scenarios: ['one-room', 'storm'], peers: ['chat-room', 'bare'], repetitions: 5, write: false },
  });
});

test.each([
  [['--fast'], '--fast'],
  [['two-rooms'], 'There is no scenario "two-rooms"'],
  [['--peers', 'bare,apache'], 'There is no peer "apache"'],
  [['--repeat', '0'], '--repeat'],
  [['--repeat', 'often'], '--repeat'],
  [['--write', '--quick'], '--write records all peers'],
  [['--write', '--peers', 'bare'], '--write records all peers'],
])('%j is a fault in one sentence', (argv, mentioned) => {
  const command = readCommandLine(argv);
  expect(command).toEqual({ kind: 'fault', message: expect.stringContaining(mentioned) });
  expect(command.kind === 'fault' && command.message).not.toMatch(/\n|\. /);
});

test('the help names each scenario and each peer', () => {
  const command = readCommandLine(['--help']);
  expect(command.kind === 'help' && command.text).toMatch(/one-room[\s\S]*cost-rooms[\s\S]*socket\.io/);
});
