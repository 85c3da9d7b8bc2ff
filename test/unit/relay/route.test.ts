import { Consumer, type ParamsOf, route } from '@chat-room/relay';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';

const match = (path: string, requested: string): unknown => route(path, Consumer).match(requested);

describe('routes', () => {
  test('the types of the parameters follow from the path', () => {
    expectTypeOf<ParamsOf<'/ws/tail/:file'>>().toEqualTypeOf<{ readonly file: string }>();
    expectTypeOf<ParamsOf<'/ws/:game/rooms/:room+'>>().toEqualTypeOf<{ readonly game: string; readonly room: string }>();
    class Tail extends Consumer<{ readonly file: string }> {}
    route('/ws/tail/:file', Tail);
    // @ts-expect-error: the route has no parameter of that name
    route('/ws/tail/:path', Tail);
  });

  test.each([
    ['/ws', '/ws', {}],
    ['/ws', '/ws/', {}],
    ['/ws/tail/:file', '/ws/tail/app.log', { file: 'app.log' }],
    ['/ws/tail/:file', '/ws/tail/app.log/', { file: 'app.log' }],
    ['/ws/tail/:file', '/ws/tail/%C3%A9t%C3%A9%2Flog', { file: 'été/log' }],
    ['/ws/:a/x/:b', '/ws/1/x/2', { a: '1', b: '2' }],
    ['/ws/chat/:room+', '/ws/chat/a/b%20c/', { room: 'a/b c' }],
    ['/ws/tail/:file', '/ws/tail/%FF', { file: '' }],
  ])('%s takes %s', (path, requested, params) => {
    expect(match(path, requested)).toEqual(params);
  });

  test.each([
    ['/ws', '/ws/x'],
    ['/ws', '/'],
    ['/ws/tail/:file', '/ws/tail'],
    ['/ws/tail/:file', '/ws/tail//'],
    ['/ws/tail/:file', '/ws/tail/a/b'],
    ['/ws/chat/:room+', '/ws/chat/'],
    ['/ws/:a/x', '/ws/1/y'],
  ])('%s does not take %s', (path, requested) => {
    expect(match(path, requested)).toBeUndefined();
  });

  test.each(['ws', '/ws/:', '/ws/:a*', '/ws/a:b', '/ws/:rest+/x', '/ws/:a?'])('%s is no route', (path) => {
    expect(() => route(path, Consumer)).toThrow(RangeError);
  });

  test('what was encoded into a path comes back out of it, and nothing makes a route throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string(), (value, path) => {
        expect(match('/ws/tail/:file', `/ws/tail/${encodeURIComponent(value)}`)).toEqual({ file: value });
        match('/ws/:a/:b+', path);
      }),
    );
  });
});
