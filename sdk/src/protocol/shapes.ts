// What the readers of the relay's frames are made of.

import { isFields, isOffset, isRequestId } from './decoded.ts';
import type { Member } from './frames.ts';

/** Reads the value of one field. Throws where it is wrong, which ends in `decodeServerFrame`; undefined leaves an optional field out. */
export type Read<T> = (value: unknown) => T;

type Keys<T> = T extends unknown ? Exclude<keyof T, 'type'> : never;
type Field<T, K> = T extends unknown ? (K extends keyof T ? T[K] : undefined) : never;

/** A reader for each field of each `T`: a field that has none, or one of another type, does not compile. */
export type Shape<T> = { readonly [K in Keys<T>]-?: Read<Field<T, K>> };

export const isString = (value: unknown): value is string => typeof value === 'string';

export const fields = checked(isFields);
export const string = checked(isString);
export const number = checked(isOffset);
export const requestId = lenient(isRequestId);
export const time = lenient(isOffset);
export const member = shaped<Member>({ id: string, name: string });

/** By type. A map, so that no name out of the network finds what every object has. */
export function readersOf<T>(shapesByType: object): ReadonlyMap<unknown, Read<T>> {
  return new Map(
    Object.entries<Shape<T>>(shapesByType as Record<string, Shape<T>>).map(([type, shape]) => [type, shaped<T>(shape)]),
  );
}

/** Reads the fields of the shape. Others stay as they are, and nobody looks at them (FRM5). */
export function shaped<T>(shape: Shape<T>): Read<T> {
  const entries = Object.entries<Read<unknown>>(shape);
  return (value) => {
    const copy = { ...fields(value) };
    for (const [name, read] of entries) {
      const field = read(copy[name]);
      if (field === undefined) delete copy[name];
      else copy[name] = field;
    }
    return copy as T;
  };
}

export function list<T>(read: Read<T>): Read<readonly T[]> {
  return (value) => (value as readonly unknown[]).map((one) => read(one)); // nothing else out of JSON has a `map` to call
}

export function checked<T>(is: (value: unknown) => value is T): Read<T> {
  return (value) => {
    if (!is(value)) throw new TypeError();
    return value;
  };
}

/** Of a newer relay, perhaps: what is not understood is as good as absent. */
export function lenient<T>(is: (value: unknown) => value is T): Read<T | undefined> {
  return (value) => (is(value) ? value : undefined);
}
