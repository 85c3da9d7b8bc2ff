import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as limits from '../../../sdk/src/protocol/limits.ts';

const PROTOCOL = readFileSync(fileURLToPath(new URL('../../../sdk/PROTOCOL.md', import.meta.url)), 'utf8');

/**
 * The rule that quotes a limit, with the words around the number (#), which alone could stand for anything, and the unit
 * the rule counts in where it is not the limit's own.
 */
const QUOTED: { readonly [Name in keyof typeof limits]: readonly [rule: string, words: string, unit?: number] } = {
  MAX_FRAME_BYTES: ['LIM1', 'frame # bytes'],
  MAX_RAW_FRAME_BYTES: ['CLS3', 'a frame above # bytes (1009)'],
  MAX_TEXT_BYTES: ['LIM1', 'text #;'],
  MAX_DATA_BYTES: ['LIM1', '`data` # as JSON'],
  MAX_DATA_DEPTH: ['LIM1', '# levels deep'],
  MAX_REACTION_BYTES: ['LIM1', 'reaction #;'],
  MAX_TOKEN_BYTES: ['LIM1', 'token and resume #;'],
  MAX_KEY_LENGTH: ['LIM1', 'key # printable ASCII characters'],
  MAX_ROOM_LENGTH: ['LIM2', '1 to # UTF-16 code units'],
  MAX_NAME_LENGTH: ['LIM3', 'Member name and event name: 1 to # code units'],
  MAX_MEMBER_ID_LENGTH: ['LIM3', 'Member id: 1 to # likewise'],
  MAX_EVENT_NAME_LENGTH: ['LIM3', 'Member name and event name: 1 to # code units'],
  MAX_ROOMS_PER_CONNECTION: ['LIM4', '# rooms a connection'],
  MAX_PAGE_EVENTS: ['LIM4', '# events a page'],
  MAX_PAGE_BYTES: ['HIS2', 'rather than pass # bytes'],
  MAX_PRESENCE_LIST: ['PRE1', 'Up to # members'],
  PRESENCE_SAMPLE: ['PRE1', 'up to # members.'],
  MAX_TYPING_MEMBERS: ['EPH3', 'up to # by name'],
  TYPING_TTL_MS: ['EPH3', 'counts for # ms'],
  KEY_TTL_MS: ['PUB3', 'for at least # minutes', 60_000],
  CONNECT_TIMEOUT_MS: ['CON6', 'after # ms'],
  EXPIRY_NOTICE_MS: ['AUT2', '# ms before'],
  MAX_SANCTIONS: ['MOD8', 'holds # mutes and bans'],
  MAX_SLOW_MODE_MS: ['MOD5', 'up to #,'],
  FOREVER: ['MOD1', '# where it ends by an action only'],
  MAX_FILE_NAME_LENGTH: ['LIM3', 'Name of a file to upload: up to # code units'],
  MAX_ATTACHMENTS: ['UPL8', '# at the most'],
  UPLOAD_TICKET_TTL_MS: ['UPL2', 'for # ms'],
  UNUSED_FILE_TTL_MS: ['UPL9', '# hours after it was asked for', 3_600_000],
  MAX_BAD_FRAMES: ['CLS3', '# messages in a row that hold no frame'],
};

/** A rule's own lines, up to the next rule. */
function ruleText(rule: string): string {
  return new RegExp(`\\*\\*${rule}\\*\\*(.*?)(?=\\n- |\\n\\n|\\n\\S)`, 's').exec(PROTOCOL)?.[1] ?? '';
}

describe('PROTOCOL.md quotes limits.ts', () => {
  test.each(Object.entries(limits))('%s', (name, value) => {
    const [rule, words, unit = 1] = QUOTED[name as keyof typeof limits];
    expect(ruleText(rule)).toContain(words.replace('#', (value / unit).toLocaleString('en-US')));
  });
});
