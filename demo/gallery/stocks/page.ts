// The stock ticker's page: asks for what is in view, shows the latest at most once a frame, and acknowledges what it has shown, so
// that the relay never sends more than the page can take.
import { LiveSocket } from '../shared/live-socket.ts';
import { Market } from './page/market.ts';
import { MarketMap } from './page/market-map.ts';
import { Rows } from './page/rows.ts';
import { element, readStars, writeStars } from './page/support.ts';
import type { Request } from './wire.ts';
import { decodeFrame } from './wire.ts';

/** Who scrolls through the list passes many rows, and means few of them. */
const ASK_EVERY_MS = 100;

const map = element<HTMLCanvasElement>('map');
const search = element<HTMLInputElement>('search');
const only = element<HTMLButtonElement>('only');

const market = new Market();
const marketMap = new MarketMap(map, market);
const rows = new Rows({ list: element('rows'), template: element<HTMLTemplateElement>('row') }, market, {
  onSeen: (shown, gone) => {
    for (const listing of gone) market.forget(listing);
    for (const listing of shown) lineless.add(listing);
    askSoon();
  },
  onStar: (symbol) => {
    if (!stars.delete(symbol)) stars.add(symbol);
    writeStars(stars);
    rows.showStars(stars);
    filter();
    askSoon();
  },
});
const stars = readStars();
/** In view, and their last minute is not asked for yet. */
const lineless = new Set<number>();
let isMapInView = true;
let asked = '';
let watchedCount = 0;
let askTimer: ReturnType<typeof setTimeout> | undefined;

// --- what is asked for ------------------------------------------------------------------------------------------------

const socket = new LiveSocket('/ws/gallery/stocks', {
  onOpen: () => {
    [arrived, acknowledged, asked] = [0, 0, ''];
    for (const listing of rows.inView) lineless.add(listing);
    askSoon();
  },
  onMessage: receive,
});

function ask(request: Request): void {
  socket.send(JSON.stringify(request));
}

function askSoon(): void {
  if (askTimer === undefined) askTimer = setTimeout(askNow, ASK_EVERY_MS);
}

function askNow(): void {
  askTimer = undefined;
  const inView = new Set([...symbolsOf(rows.inView), ...stars]);
  const wanted = isMapInView ? market.listings.map(({ symbol }) => symbol) : [...inView].toSorted();
  watchedCount = wanted.length;
  if (wanted.join() !== asked) ask({ type: 'watch', symbols: wanted });
  asked = wanted.join();
  if (lineless.size > 0) ask({ type: 'history', symbols: symbolsOf([...lineless]) });
  lineless.clear();
}

function symbolsOf(listings: readonly number[]): readonly string[] {
  return listings.flatMap((listing) => market.listings[listing]?.symbol ?? []);
}

new IntersectionObserver(([entry]) => {
  isMapInView = entry?.isIntersecting ?? true;
  askSoon();
}).observe(map);

// --- what arrives -----------------------------------------------------------------------------------------------------

let arrived = 0;
let acknowledged = 0;
let nextFrame = 0;
let renders = 0;
let paceMs = 0;
let ackTimer: ReturnType<typeof setTimeout> | undefined;

function receive(data: string | ArrayBuffer): void {
  const news = decodeFrame(data);
  if (!news) return;
  market.apply(news);
  if (news.type === 'list') {
    rows.fill();
    rows.showStars(stars);
    filter();
    marketMap.layOut();
    askSoon();
  } else arrived += 1;
  if (nextFrame === 0) nextFrame = requestAnimationFrame(render);
}

/** However much has arrived, once a frame. */
function render(nowMs: number): void {
  nextFrame = 0;
  renders += 1;
  if (isMapInView) marketMap.draw();
  rows.draw(nowMs);
  // Acknowledged is what was shown: a page in the background shows nothing, and is sent nothing until it is looked at again.
  if (paceMs === 0) acknowledge();
  else ackTimer ??= setTimeout(acknowledge, paceMs);
}

function acknowledge(): void {
  clearTimeout(ackTimer);
  ackTimer = undefined;
  if (acknowledged === arrived) return;
  acknowledged = arrived;
  ask({ type: 'ack', frames: arrived });
}

element('pace').addEventListener('change', ({ target }) => {
  paceMs = Number((target as HTMLInputElement).value);
  if (paceMs === 0) acknowledge();
});

// --- once a second ----------------------------------------------------------------------------------------------------

let before = { received: 0, replaced: 0, renders: 0 };

setInterval(() => {
  const { received, replaced } = market;
  const count = (id: string, value: number): void => {
    element(id).textContent = value.toLocaleString('en');
  };
  count('watched', watchedCount);
  count('rate', received - before.received);
  count('replaced', replaced - before.replaced);
  count('renders', renders - before.renders);
  before = { received, replaced, renders };
  market.sample();
  rows.drawLines();
  const rising = market.listings.filter((_, listing) => market.change(listing) > 0).length;
  map.ariaLabel = `The market by sector: ${rising} of ${market.listings.length} companies have risen today`;
}, 1_000);

// --- search, watch list, and what is pointed at -----------------------------------------------------------------------

function filter(): void {
  const words = search.value.trim().toLowerCase();
  const isOnly = only.ariaPressed === 'true';
  const left = rows.filter(
    ({ symbol, name }) => `${symbol} ${name}`.toLowerCase().includes(words) && (!isOnly || stars.has(symbol)),
  );
  only.textContent = stars.size === 0 ? 'Watch list' : `Watch list (${stars.size})`;
  const why = isOnly && stars.size === 0 ? 'The star beside a company puts it on the watch list.' : 'No company is called that.';
  element('none').textContent = left === 0 && market.listings.length > 0 ? why : '';
}

search.addEventListener('input', filter);
only.addEventListener('click', () => {
  only.ariaPressed = String(only.ariaPressed !== 'true');
  filter();
});
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target === search) return;
  event.preventDefault();
  search.focus();
});

const pointed = element('pointed');
const unpointed = pointed.textContent;
map.addEventListener('pointermove', ({ clientX, clientY }) => {
  const listing = marketMap.listingAt(clientX, clientY);
  const listed = listing === undefined ? undefined : market.listings[listing];
  pointed.textContent =
    listing !== undefined && listed
      ? `${listed.symbol} · ${listed.name} · ${(market.price(listing) / 100).toFixed(2)} · ${(market.change(listing) * 100).toFixed(2)} %`
      : unpointed;
});
map.addEventListener('pointerleave', () => {
  pointed.textContent = unpointed;
});
map.addEventListener('click', ({ clientX, clientY }) => {
  const listing = marketMap.listingAt(clientX, clientY);
  search.value = listing === undefined ? '' : (market.listings[listing]?.symbol ?? '');
  filter();
});
