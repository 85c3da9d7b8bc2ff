// Comments at their times in a film that goes round, and the playhead of somebody who watches it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Playback } from '../../../demo/gallery/danmaku/playback.ts';
import type { Comment } from '../../../demo/gallery/danmaku/track.ts';
import { FILM_MS, filmTime, MAX_COMMENTS, Track } from '../../../demo/gallery/danmaku/track.ts';

const comment = (id: string, atMs: number): Comment => ({ id, text: id, from: 'ada', own: false, atMs });

function trackOf(times: readonly number[]): Track {
  const track = new Track();
  for (const [i, atMs] of times.entries()) track.add(comment(String(i), atMs));
  return track;
}

// On whole seconds, so that some fall on the edges of what is asked for.
const time = fc.nat({ max: FILM_MS / 1_000 - 1 }).map((second) => second * 1_000);

describe('a track', () => {
  test('however its playhead moves on, each comment is due once in each round, in order', () => {
    fc.assert(
      fc.property(fc.array(time, { maxLength: 50 }), fc.array(fc.nat({ max: 200 }), { maxLength: 20 }), (times, steps) => {
        const track = trackOf(times);
        const startMs = 5 * FILM_MS + 7_000;
        let nowMs = startMs;
        const due = steps.flatMap((step) => {
          const before = nowMs;
          nowMs += step * 1_000;
          return track.due(before, nowMs);
        });
        const expected = times
          .flatMap((atMs) => Array.from({ length: 60 }, (_, round) => round * FILM_MS + atMs))
          .filter((dueMs) => dueMs > startMs && dueMs <= nowMs)
          .toSorted((a, b) => a - b);
        expect(due.map(({ dueMs }) => dueMs)).toEqual(expected);
        expect(due.every((one) => filmTime(one.dueMs) === one.comment.atMs)).toBe(true);
      }),
    );
  });

  test('before a time are the last that came up to it', () => {
    fc.assert(
      fc.property(fc.array(time), time, fc.nat({ max: 30 }), (times, atMs, count) => {
        const before = trackOf(times).before(atMs, count);
        const expected = times.filter((one) => one <= atMs).toSorted((a, b) => a - b);
        expect(before.map((one) => one.atMs)).toEqual(expected.slice(Math.max(0, expected.length - count)));
      }),
    );
  });

  test('takes each comment once, and lets go of what is removed', () => {
    const track = trackOf([10, 20]);
    expect(track.add(comment('0', 30))).toBe(false);
    track.remove('0');
    track.remove('unknown');
    expect(track.before(FILM_MS, 9).map(({ id }) => id)).toEqual(['1']);
    track.clear();
    expect(track.size).toBe(0);
  });

  test('has a bound: of more, those that came first are forgotten', () => {
    const track = trackOf(Array.from({ length: MAX_COMMENTS + 3 }, (_, i) => (i * 7_919) % FILM_MS));
    expect(track.size).toBe(MAX_COMMENTS);
    expect(track.before(FILM_MS, MAX_COMMENTS).some(({ id }) => ['0', '1', '2'].includes(id))).toBe(false);
  });

  test('counts every comment in one part of the film', () => {
    fc.assert(
      fc.property(fc.array(time), fc.integer({ min: 1, max: 200 }), (times, parts) => {
        const counts = trackOf(times).histogram(parts);
        expect(counts).toHaveLength(parts);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(times.length);
      }),
    );
  });
});

describe('a playback', () => {
  test('is live until it is paused, and again when it is told to', () => {
    const playback = new Playback();
    expect(playback.isLive(5_000)).toBe(true);
    playback.pause(5_000);
    expect([playback.at(5_000), playback.at(9_000)]).toEqual([5_000, 5_000]);
    playback.play(9_000);
    expect(playback.at(10_000)).toBe(6_000);
    expect(playback.isLive(10_000)).toBe(false);
    playback.goLive();
    expect(playback.isLive(10_000)).toBe(true);
  });

  test('seeks within its round, and stays paused where it was', () => {
    const playback = new Playback();
    const wallMs = 7 * FILM_MS + 50_000;
    playback.seek(20_000, wallMs);
    expect([playback.at(wallMs), playback.isPaused]).toEqual([7 * FILM_MS + 20_000, false]);
    playback.pause(wallMs);
    playback.seek(0, wallMs + 5_000);
    expect([playback.at(wallMs + 9_000), playback.isPaused]).toEqual([7 * FILM_MS, true]);
  });
});
