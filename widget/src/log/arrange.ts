interface Item {
  readonly element: HTMLElement;
}

/**
 * Makes the elements from `first` to the end of `parent` those of `keys`, in that order. What was `shown` keeps its element,
 * and is only moved where the order changes: a moved element loses the focus, and its animations start again.
 */
export function arrange<T extends Item>(
  parent: Element,
  first: Element | null,
  shown: ReadonlyMap<string, T>,
  keys: readonly string[],
  create: (key: string) => T,
): Map<string, T> {
  const items = new Map(keys.map((key) => [key, shown.get(key) ?? create(key)]));
  let next = first;
  for (const [key, { element }] of shown) {
    if (items.has(key)) continue;
    if (element === next) next = element.nextElementSibling;
    element.remove();
  }
  for (const { element } of items.values()) {
    if (element === next) next = element.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  return items;
}
