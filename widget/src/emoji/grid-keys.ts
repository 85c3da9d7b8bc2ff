// Where the arrow keys lead among buttons that stand in lines: how many fit into one is only known when they are laid out.

/** The place of the child that a key leads to; -1 for what is above the first line, undefined for a key without a meaning. */
export function placeAfter(key: string, list: HTMLElement, child: HTMLElement): number | undefined {
  const children = [...list.children] as HTMLElement[];
  const place = children.indexOf(child);
  const columns = Math.max(
    children.findIndex(({ offsetTop }) => offsetTop > (children[0]?.offsetTop ?? 0)),
    1,
  );
  const page = columns * Math.max(Math.floor(list.clientHeight / child.offsetHeight), 1);
  const forward = getComputedStyle(list).direction === 'rtl' ? -1 : 1;
  const steps: { readonly [key: string]: number } = {
    ArrowRight: forward,
    ArrowLeft: -forward,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: page,
    PageUp: -page,
    Home: -place,
    End: children.length - 1 - place,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  if (key === 'ArrowUp' && place < columns) return -1;
  return Math.min(Math.max(place + step, 0), children.length - 1);
}
