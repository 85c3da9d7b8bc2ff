import type { JsonValue } from '@chat-room/sdk';
import { expect, oneEvent, waitUntil } from '@open-wc/testing';
import { ADA, message } from './support/fake-client.ts';
import type { Mounted } from './support/mount.ts';
import { expectAccessible, find, findAll, mount, press, settled, textOf, type } from './support/mount.ts';

/** A request that a test answers, in the place of the browser's. */
class HeldRequest {
  static readonly all: HeldRequest[] = [];
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  readonly sent: { method?: string; url?: string; headers: Record<string, string>; body?: File } = { headers: {} };
  status = 0;
  responseText = '';
  isAborted = false;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;

  open(method: string, url: string): void {
    Object.assign(this.sent, { method, url });
  }

  setRequestHeader(name: string, value: string): void {
    this.sent.headers[name] = value;
  }

  send(body: File): void {
    this.sent.body = body;
    HeldRequest.all.push(this);
  }

  abort(): void {
    this.isAborted = true;
    this.onabort?.();
  }

  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const { XMLHttpRequest: Real, fetch: realFetch } = globalThis;

const PLAN = { url: '/files/abc/plan.png', name: 'plan.png', mediaType: 'image/png', bytes: 2_048, width: 640, height: 320 };
const REPORT = { url: '/files/def/report.pdf', name: 'report.pdf', mediaType: 'application/pdf', bytes: 1_500_000 };

function carrying(kind: 'paste' | 'drop' | 'dragover', files: readonly File[], text?: string): Event {
  const carried = new DataTransfer();
  for (const file of files) carried.items.add(file);
  if (text !== undefined) carried.setData('text/plain', text);
  const event = new Event(kind, { bubbles: true, composed: true, cancelable: true });
  // The constructors of the real events drop what they are given, each browser in a way of its own.
  Object.defineProperty(event, kind === 'paste' ? 'clipboardData' : 'dataTransfer', { value: carried });
  return event;
}

const image = (name = 'plan.png'): File => new File(['picture'], name, { type: 'image/png' });

async function mountLive(): Promise<Mounted> {
  const mounted = await mount();
  mounted.room.goLive([message()]);
  await settled(mounted.element);
  return mounted;
}

/** The next upload, once the relay has given its ticket. */
async function uploading({ element, room }: Mounted): Promise<HeldRequest> {
  await waitUntil(() => room.requests.length > 0, 'a ticket is asked for', { timeout: 5_000 });
  room.requests.shift()?.resolve({ url: '/files/abc/plan.png', ticket: 'ticket-1' });
  await waitUntil(() => HeldRequest.all.length > 0, 'it is sent');
  await settled(element);
  return HeldRequest.all.shift() ?? expect.fail();
}

describe('files', () => {
  beforeEach(() => {
    Object.assign(globalThis, {
      XMLHttpRequest: HeldRequest,
      fetch: () => Promise.resolve(new Response(JSON.stringify({ maxBytes: 5_000_000, types: ['image/*'] }))),
    });
  });
  afterEach(() => {
    Object.assign(globalThis, { XMLHttpRequest: Real, fetch: realFetch });
    HeldRequest.all.length = 0;
  });

  for (const kind of ['paste', 'drop'] as const) {
    it(`that are brought by a ${kind} go to the relay, and with the next message`, async () => {
      const mounted = await mountLive();
      const { element, room } = mounted;
      const event = carrying(kind, [image()]);
      find(element, 'textarea').dispatchEvent(event);
      expect(event.defaultPrevented).to.equal(true);
      const request = await uploading(mounted);
      expect(request.sent.method).to.equal('PUT');
      expect(request.sent.headers).to.deep.equal({ authorization: 'Bearer ticket-1' });
      expect(request.sent.body?.name).to.equal('plan.png');
      request.upload.onprogress?.({ loaded: 30, total: 120 });
      await settled(element);
      expect(find<HTMLProgressElement>(element, '.files progress').value).to.equal(25);
      expect(find(element, '.files img').getAttribute('src')).to.match(/^blob:/u);
      await expectAccessible(element);

      type(element, 'Here is the plan');
      press(find(element, 'textarea'), 'Enter');
      await settled(element);
      expect(room.sends, 'it waits for its file').to.have.length(0);
      request.answer(201, PLAN);
      await waitUntil(() => room.sends.length > 0);
      expect(room.sends[0]?.text).to.equal('Here is the plan');
      expect(room.sends[0]?.options.data).to.deep.equal({ attachments: [PLAN] });
      await settled(element);
      expect(findAll(element, '.files')).to.have.length(0);
    });
  }

  it('may be dropped, and text that comes with a picture of it stays text', async () => {
    const { element, room } = await mountLive();
    const over = carrying('dragover', [image()]);
    find(element, '.log').dispatchEvent(over);
    expect(over.defaultPrevented, 'the browser would open the file else').to.equal(true);
    const office = carrying('paste', [image()], 'words');
    find(element, 'textarea').dispatchEvent(office);
    expect(office.defaultPrevented).to.equal(false);
    await settled(element);
    expect(room.requests).to.have.length(0);
  });

  it('that are taken back are sent no further', async () => {
    const mounted = await mountLive();
    const { element, room } = mounted;
    find(element, 'textarea').dispatchEvent(carrying('paste', [image()]));
    const request = await uploading(mounted);
    find(element, '.files button').click();
    await settled(element);
    expect(request.isAborted).to.equal(true);
    expect(findAll(element, '.files')).to.have.length(0);
    press(find(element, 'textarea'), 'Enter');
    await settled(element);
    expect(room.sends).to.have.length(0);
  });

  it('that the relay refuses say why, and hold nothing else up', async () => {
    const mounted = await mountLive();
    const { element, room } = mounted;
    find(element, 'textarea').dispatchEvent(carrying('paste', [image('huge.png'), image()]));
    await waitUntil(() => room.requests.length === 2, 'two are asked for', { timeout: 5_000 });
    room.requests.shift()?.reject(Object.assign(new Error('no'), { code: 'too_large' }));
    (await uploading(mounted)).answer(201, PLAN);
    await settled(element);
    await waitUntil(() => textOf(element, '.files [role=alert]').includes('5 MB'));
    expect(textOf(element, '.files .file-name')).to.equal('huge.png | plan.png');
    await expectAccessible(element);
    find(element, '.send').click();
    await waitUntil(() => room.sends.length > 0);
    expect(room.sends[0]?.options.data).to.deep.equal({ attachments: [PLAN], fallback: true });
    await settled(element);
    expect(textOf(element, '.files .file-name')).to.equal('huge.png');
  });

  it('are ten in a message at the most, and the rest is told', async () => {
    const { element, room } = await mountLive();
    const many = Array.from({ length: 12 }, (_, i) => image(`${i}.png`));
    find(element, 'textarea').dispatchEvent(carrying('drop', many));
    await waitUntil(() => room.requests.length === 10, 'ten are asked for', { timeout: 5_000 });
    await settled(element);
    expect(findAll(element, '.files li')).to.have.length(10);
    expect(textOf(element, '.toast')).to.equal('At most 10 files at a time.');
  });
});

describe('what came with a message', () => {
  async function mountWith(attachments: readonly JsonValue[], lang = 'en'): Promise<Mounted> {
    const mounted = await mount({ lang });
    mounted.room.goLive([message({ offset: 1, from: ADA, text: 'See', data: { attachments } })]);
    await waitUntil(() => findAll(mounted.element, '[part=attachments]').length > 0, 'it is shown', { timeout: 5_000 });
    await settled(mounted.element);
    return mounted;
  }

  it('an image has its place before it is there; a file has its name, its size, and is saved rather than shown', async () => {
    const { element } = await mountWith([PLAN, REPORT]);
    const img = find<HTMLImageElement>(element, '.image img');
    expect([img.getAttribute('width'), img.getAttribute('height')]).to.deep.equal(['320', '160']);
    expect(img.height, 'of the place that it has').to.equal(img.width / 2);
    expect(find(element, '.image').getAttribute('aria-label')).to.equal('Image: plan.png');
    const file = find<HTMLAnchorElement>(element, 'a.file');
    expect(file.href).to.equal(new URL(REPORT.url, location.href).href);
    expect(file.download).to.equal('report.pdf');
    expect(file.rel).to.contain('noopener');
    expect(textOf(element, 'a.file')).to.equal('report.pdf 1.5 MB');
    await expectAccessible(element);
  });

  it('is shown only where it may come from the relay', async () => {
    const { element } = await mountWith([
      { ...PLAN, url: 'https://elsewhere.example/spy.png' },
      { ...PLAN, url: 'javascript:alert(1)' },
      { ...PLAN, url: '/files/abc/../../api/v1/rooms' },
      REPORT,
    ]);
    expect(findAll(element, '.image')).to.have.length(0);
    expect(findAll(element, 'a.file')).to.have.length(1);
  });

  for (const [lang, onward] of [
    ['en', 'ArrowRight'],
    ['ar', 'ArrowLeft'],
  ] as const) {
    it(`images fill the page, are walked by the arrow keys, and Escape leads back: ${lang}`, async () => {
      const { element } = await mountWith([PLAN, { ...PLAN, name: 'second.png' }, { ...PLAN, name: 'third.png' }], lang);
      await waitUntil(() => (find(element, '.frame').getAttribute('dir') === 'rtl') === (lang === 'ar'));
      const opener = find(element, '.image');
      opener.focus();
      opener.click();
      await settled(element);
      const dialog = find<HTMLDialogElement>(element, '.lightbox');
      expect(dialog.open).to.equal(true);
      expect(find<HTMLImageElement>(element, '.lightbox > img').alt).to.equal('plan.png');
      press(dialog, onward);
      await settled(element);
      expect(find<HTMLImageElement>(element, '.lightbox > img').alt).to.equal('second.png');
      press(dialog, onward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight');
      await settled(element);
      press(dialog, onward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight');
      await settled(element);
      expect(find<HTMLImageElement>(element, '.lightbox > img').alt, 'around').to.equal('third.png');
      await expectAccessible(element);
      const closed = oneEvent(dialog, 'close');
      dialog.close(); // what the browser does on Escape
      await closed;
      await settled(element);
      expect(findAll(element, '.lightbox')).to.have.length(0);
      expect(element.shadowRoot?.activeElement === opener, 'the focus is where it was').to.equal(true);
    });
  }
});
