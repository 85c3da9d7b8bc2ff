import { icon } from '../icons.ts';

export const muteIcon = icon('M4 10v4h3l5 4V6L7 10H4Zm13 0 4 4m0-4-4 4');
export const banIcon = icon('M5.6 5.6l12.8 12.8M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z');
export const clockIcon = icon('M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z');
