import { expect, waitUntil } from '@open-wc/testing';
import { message } from './support/fake-client.ts';
import { find, mount, press, settled, type } from './support/mount.ts';

describe('emoji in the chat', () => {
  it('come from the picker to where the cursor is', async () => {
    const { element, room } = await mount();
    room.goLive([message({ offset: 1 })]);
    await settled(element);
    const box = type(element, 'ab');
    box.setSelectionRange(1, 1);
    find(element, '[data-tool="emoji"]').click();
    await waitUntil(() => element.shadowRoot?.querySelector('.emoji-picker'));
    await settled(element);
    expect(element.shadowRoot?.activeElement?.className).to.equal('emoji-search');
    const field = find<HTMLInputElement>(element, '.emoji-search');
    field.value = 'party pop';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await waitUntil(() => element.shadowRoot?.querySelectorAll('.emoji-grid button').length === 1);
    press(field, 'Enter');
    await settled(element);
    expect(box.value).to.equal('a🎉b');
    expect(element.shadowRoot?.querySelector('.emoji-picker')).to.equal(null);
  });

  it('come from a name between colons', async () => {
    const { element, room } = await mount();
    room.goLive([message({ offset: 1 })]);
    await settled(element);
    find(element, 'textarea').focus();
    await settled(element);
    const box = type(element, 'so :fire:');
    await settled(element);
    expect(box.value).to.equal('so 🔥');
  });
});
