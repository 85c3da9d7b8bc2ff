// Runs in strict-csp.html: a full chat under the strictest policy, and a list of what the browser had against it.
import '../../../widget/src/define.ts';
import { ADA, FakeClient, failed, ME, message, messages } from './fake-client.ts';

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

const client = new FakeClient();
const element = document.createElement('chat-room');
Object.assign(element, { room: 'lobby', client, layout: 'launcher' });
document.body.append(element);
await element.updateComplete;
element.open();
await element.updateComplete;

const room = client.room('lobby');
room.goLive([...messages(1, 30), failed(message({ offset: 31, from: ME, text: 'https://example.com/ <b style="color:red">' }))]);
room.setTypers(ADA);
const box = element.shadowRoot?.querySelector('textarea');
if (box) {
  box.value = 'two\nlines';
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
Object.assign(globalThis, { result: { violations, element } });
