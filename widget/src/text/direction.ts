const RIGHT_TO_LEFT = /^(ar|fa|he|ps|sd|ug|ur|yi)\b/u;

/** Intl knows it too, but not in every browser. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(tag) ? 'rtl' : 'ltr';
}
