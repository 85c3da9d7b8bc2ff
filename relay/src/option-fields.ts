// Reads the structured values of a configuration, field by field. Every field must be known, and right where it is given.

/** What is wrong with a value. `message` goes on after "can't be used: ", without a full stop. */
export class UnfitValue extends Error {
  readonly code = 'unfit_value';
  constructor(message: string) {
    super(message);
    this.name = 'UnfitValue';
  }
}

/** Reads one field. `name` says which it is, for whoever has to mend it. */
export type ReadField<T> = (value: unknown, name: string) => T;

type Readers<T> = { readonly [K in keyof T]-?: ReadField<NonNullable<T[K]>> };

/** An object with some of these fields, and no others; `required` are those it must have. Throws an UnfitValue. */
export function readObject<T extends object>(
  value: unknown,
  name: string,
  readers: Readers<T>,
  required: readonly (keyof T & string)[],
): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnfitValue(`${name} is no object`);
  for (const field of required) if (!Object.hasOwn(value, field)) throw new UnfitValue(`${name} has no ${field}`);
  const known = Object.entries(value).map(([field, raw]) => {
    if (!Object.hasOwn(readers, field)) throw new UnfitValue(`${name} has no field ${JSON.stringify(field)}`);
    return [field, readers[field as keyof T](raw, `${name}.${field}`)];
  });
  return Object.fromEntries(known) as T;
}

/** A list of 1 to `max` values. */
export function list<T>(read: ReadField<T>, max: number): ReadField<readonly T[]> {
  return (value, name) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > max)
      throw new UnfitValue(`${name} is no list of 1 to ${max} values`);
    return value.map((each, i) => read(each, `${name}[${i}]`));
  };
}

export function wholeFrom(min: number, max: number): ReadField<number> {
  return (value, name) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max)
      throw new UnfitValue(`${name} is no whole number from ${min} to ${max}`);
    return value as number;
  };
}

export function oneOfThe<T extends string>(values: readonly T[]): ReadField<T> {
  return (value, name) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw new UnfitValue(`${name} is none of ${values.join(', ')}`);
    return found;
  };
}

/** An address that the operator chose: any host will do, inside their network too. */
export const httpUrl: ReadField<string> = (value, name) => {
  if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new UnfitValue(`${name} is no http or https URL`);
  const { username, password } = new URL(value);
  // fetch refuses such an address with each attempt: better said once, at the start.
  if (username !== '' || password !== '') throw new UnfitValue(`${name} holds a user name or a password`);
  return value;
};

/** The value itself, or what the JSON text stands for that an environment variable holds. */
export function fromJson(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  try {
    return JSON.parse(raw);
  } catch {
    throw new UnfitValue('it is no JSON');
  }
}
