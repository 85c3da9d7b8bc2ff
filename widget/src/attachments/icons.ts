import { icon } from '../icons.ts';

export const fileIcon = icon('M7 3h7l5 5v13H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm7 0v5h5');
export const previousIcon = icon('m15 5-7 7 7 7');
export const nextIcon = icon('m9 5 7 7-7 7');
