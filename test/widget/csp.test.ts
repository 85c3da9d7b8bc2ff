import { expect, fixture, html, nextFrame, waitUntil } from '@open-wc/testing';
import type { ChatRoom } from '../../widget/src/chat-room.ts';
import { find, findAll, settled } from './support/mount.ts';

interface StrictPage extends Window {
  readonly result?: { readonly violations: readonly string[]; readonly element: ChatRoom };
}

it('works in full under a strict content security policy with trusted types', async () => {
  const page = new URL('./support/strict-csp.html', import.meta.url).href;
  const frame = await fixture<HTMLIFrameElement>(html`<iframe title="strict" width="400" height="600" src=${page}></iframe>`);
  const strict = (): StrictPage['result'] => (frame.contentWindow as StrictPage | null)?.result;
  await waitUntil(() => strict() !== undefined, 'The page has started', { timeout: 8_000 });
  const result = strict();
  if (result === undefined) throw new Error('The page is gone.');
  await settled(result.element);
  await nextFrame();

  expect(result.violations).to.deep.equal([]);
  expect(findAll(result.element, '.message')).to.have.length(31);
  expect(getComputedStyle(find(result.element, '.composer')).display).to.equal('flex');
  expect(find(result.element, 'textarea').offsetHeight).to.be.above(50);
});
