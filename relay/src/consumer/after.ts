/** Goes on with a value, at once where it is there: an upgrade that is answered in its own turn is cheaper. */
export function after<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
