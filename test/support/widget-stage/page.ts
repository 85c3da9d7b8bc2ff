// The script of the page on which the chat is looked at: `stage(state)` puts it there.
import '../../../widget/src/define.ts';
import { FakeClient } from '../../widget/support/fake-client.ts';
import type { StateName } from './states.ts';
import { STATES } from './states.ts';

async function stage(state: StateName, lang: string): Promise<void> {
  localStorage.clear();
  const client = new FakeClient();
  const element = document.createElement('chat-room');
  Object.assign(element, { room: 'lobby', lang, client });
  document.body.replaceChildren(element);
  await element.updateComplete;
  const find = async (selector: string): Promise<HTMLElement> => {
    for (;;) {
      const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
      if (found) return found;
      await new Promise(requestAnimationFrame);
    }
  };
  if (element.layout === 'inline') await find('.composer');
  await STATES[state]({ element, client, room: client.room('lobby'), find });
  for (let frame = 0; frame < 4; frame++) {
    await new Promise(requestAnimationFrame);
    await element.updateComplete;
  }
}

Object.assign(globalThis, { stage });
