/** Styles as text: what adopts them makes one sheet of them for all elements of a page. The name has editors colour them. */
export const css = String.raw;
