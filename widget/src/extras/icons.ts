import { icon } from '../icons.ts';

export const replyIcon = icon('M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7');
export const editIcon = icon('M4 20h4L19 9l-4-4L4 16v4Z');
export const copyIcon = icon('M9 9h11v11H9zM5 15H4V4h11v1');
export const deleteIcon = icon('M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13');
export const pinIcon = icon('m12 17v4M8 4h8l-1 7 3 3v3H6v-3l3-3-1-7Z');
