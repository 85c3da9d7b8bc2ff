// The theme editor: a form for everything that the widget's manifest names, and the HTML that comes of it.
import { copyOnClick } from '../gallery/shared/copy-button.ts';
import { embedHtml } from './embed-html.ts';
import { byId } from './page.ts';

interface Described {
  readonly name: string;
  readonly description?: string;
}

/** The part of widget/custom-elements.json that is used: served beside this page. */
interface Declaration {
  readonly attributes: readonly (Described & { readonly type?: { readonly text: string } })[];
  readonly cssProperties: readonly (Described & { readonly syntax?: string; readonly default?: string })[];
  readonly cssParts: readonly Described[];
  readonly slots: readonly Described[];
  readonly events: readonly Described[];
}

const MAX_EVENTS = 50;
/** Without a meaning here: the page says which room, and who is there. */
const LEFT_OUT = new Set(['relay', 'token', 'layout']);

const chat = byId('chat', HTMLElement);
const html = byId('html', HTMLElement);
const properties = new Map<string, string>();

const response = await fetch('/assets/custom-elements.json');
const { modules } = (await response.json()) as { modules: readonly [{ declarations: readonly [Declaration] }] };
const [{ declarations }] = modules;
const [declaration] = declarations;

for (const attribute of declaration.attributes.filter(({ name }) => !LEFT_OUT.has(name))) addAttribute(attribute);
for (const property of declaration.cssProperties) addProperty(property);
for (const slot of declaration.slots) addSlot(slot);
addParts(declaration.cssParts);
for (const { name } of declaration.events) chat.addEventListener(name, logEvent);
copyOnClick(byId('copy', HTMLButtonElement), () => html.textContent ?? '');
byId('controls', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
show();

function addAttribute({ name, type, description }: Declaration['attributes'][number]): void {
  const choices = [...(type?.text.matchAll(/'([^']+)'/g) ?? [])].map(([, choice]) => choice ?? '');
  const isFlag = type?.text === 'boolean';
  const input = choices.length > 0 ? selectOf(choices) : document.createElement('input');
  if (input instanceof HTMLInputElement && isFlag) input.type = 'checkbox';
  input.value = chat.getAttribute(name) ?? choices[0] ?? '';
  input.addEventListener('input', () => {
    const value = isFlag ? '' : input.value;
    const isSet = isFlag ? (input as HTMLInputElement).checked : value !== '' && value !== choices[0];
    if (isSet) chat.setAttribute(name, value);
    else chat.removeAttribute(name);
    show();
  });
  add('attributes', name, description, input);
}

function addProperty({ name, syntax, description, default: initial }: Declaration['cssProperties'][number]): void {
  const text = document.createElement('input');
  text.placeholder = initial ?? '';
  const set = (value: string): void => {
    if (value === '') chat.style.removeProperty(name);
    else chat.style.setProperty(name, value);
    properties.set(name, value);
    show();
  };
  text.addEventListener('input', () => set(text.value.trim()));
  if (syntax !== '<color>') {
    add('properties', name, description, text);
    return;
  }
  const picker = document.createElement('input');
  picker.type = 'color';
  picker.ariaLabel = `${name}, by eye`;
  picker.addEventListener('input', () => {
    text.value = picker.value;
    set(picker.value);
  });
  const both = document.createElement('span');
  both.className = 'color';
  both.append(picker, text);
  add('properties', name, description, text, both);
}

function addSlot({ name, description }: Described): void {
  const input = document.createElement('input');
  input.type = 'checkbox';
  const filling = document.createElement(name === 'composer-actions' ? 'button' : 'p');
  filling.slot = name;
  filling.textContent = name;
  input.addEventListener('change', () => {
    if (input.checked) chat.append(filling);
    else filling.remove();
    show();
  });
  add('slots', name, description, input);
}

/** Outlines one part at a time. As a constructed sheet it is allowed under the page's policy. */
function addParts(parts: readonly Described[]): void {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const select = selectOf(['', ...parts.map(({ name }) => name)]);
  const description = document.createElement('p');
  select.addEventListener('input', () => {
    const { value } = select;
    sheet.replaceSync(value === '' ? '' : `chat-room::part(${value}) { outline: 3px solid #e8590c; outline-offset: 1px; }`);
    description.textContent = parts.find(({ name }) => name === value)?.description ?? '';
  });
  add('parts', 'outline', undefined, select);
  byId('parts', HTMLFieldSetElement).append(description);
}

function selectOf(choices: readonly string[]): HTMLSelectElement {
  const select = document.createElement('select');
  select.append(...choices.map((choice) => new Option(choice, choice)));
  return select;
}

function add(group: string, name: string, description: string | undefined, input: HTMLElement, shown: HTMLElement = input): void {
  const row = document.createElement('div');
  row.className = 'control';
  const label = document.createElement('label');
  input.id = `${group}-${name}`;
  label.htmlFor = input.id;
  label.textContent = name;
  row.append(label, shown);
  if (description !== undefined) {
    const text = document.createElement('p');
    text.textContent = description;
    row.append(text);
  }
  byId(group, HTMLFieldSetElement).append(row);
}

function logEvent(event: Event): void {
  const list = byId('events', HTMLOListElement);
  const line = document.createElement('li');
  line.textContent = `${event.type} ${JSON.stringify((event as CustomEvent<unknown>).detail) ?? ''}`.slice(0, 160);
  list.prepend(line);
  while (list.children.length > MAX_EVENTS) list.lastElementChild?.remove();
}

function show(): void {
  const attributes = [...chat.attributes]
    .filter(({ name }) => !['id', 'style'].includes(name))
    .map(({ name, value }) => [name, value] as const);
  const slots = [...chat.children].map(({ slot }) => slot);
  html.textContent = embedHtml(new URL('/widget.js', location.href).href, attributes, [...properties], slots);
}
