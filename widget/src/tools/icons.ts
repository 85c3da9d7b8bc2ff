import { icon } from '../icons.ts';

export const peopleIcon = icon(
  'M15 19a6 6 0 0 0-12 0M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm7-6.500a3.5 3.5 0 0 1 0 6M21 19a6 6 0 0 0-3.5-5.4',
);
export const searchIcon = icon('m20 20-4.3-4.300M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z');
export const soundIcon = icon('M4 10v4h3l5 4V6L7 10H4Zm12-1a4 4 0 0 1 0 6m2.5-8.500a8 8 0 0 1 0 11');
export const bellIcon = icon('M18 15V10a6 6 0 0 0-12 0v5l-2 3h16l-2-3Zm-8 6h4');
export const windowIcon = icon('M10 5H4v15h15v-6M14 4h6v6m0-6-9 9');
export const saveIcon = icon('M12 4v11m0 0-5-5m5 5 5-5M4 20h16');
