import { expect, test } from 'vitest';
import { skeleton, skeletonStyles } from '../../../widget/src/skeleton.ts';

test('a skeleton is a declarative shadow root that a server can send', () => {
  expect(globalThis).not.toHaveProperty('document');
  expect(skeleton()).toMatch(/^<template shadowrootmode="open"><style>[^<]+<\/style><div class="frame".*<\/div><\/template>$/s);
  expect(skeletonStyles).toContain('--chat-room-accent');
});

test('its styles may come by a nonce or from a file, and no value breaks out of its attribute', () => {
  expect(skeleton({ kind: 'inline', nonce: 'abc' })).toContain('<style nonce="abc">');
  expect(skeleton({ kind: 'link', href: '/a.css?b=1&c="><script>' })).toContain(
    'href="/a.css?b=1&#38;c=&#34;&#62;&#60;script&#62;"',
  );
});
