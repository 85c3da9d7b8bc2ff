// One operation of the server API: what it is called, takes, gives and needs, in one place. The schemas check what comes in,
// type the handler, and describe it.

import type { Static, TObject, TSchema } from 'typebox';
import { Type } from 'typebox';
import type { Operations } from '../operations.ts';
import type { ApiKeyOptions, Scope } from './api-key.ts';
import type { ProblemCode } from './problem.ts';
import { RoomName } from './schemas.ts';

/** Neither parameters nor a query. */
export const NOTHING = Type.Object({}, { additionalProperties: false });
/** Parameters of what happens in a room: a key must be for the room that is named `room`. */
export const inRoom = Type.Object({ room: RoomName });

/** A request whose parts have been checked. */
export interface Checked<P, Q, B> {
  readonly path: P;
  readonly query: Q;
  readonly body: B;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  readonly key: ApiKeyOptions;
}

interface Described<P extends TObject, Q extends TObject, B extends TSchema, R extends TSchema> {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `{parameters}`. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly scope: Scope;
  readonly parameters: P;
  readonly query: Q;
  readonly body: B | undefined;
  /** Bodies for the description, by a name for each. */
  readonly examples?: Readonly<Record<string, Static<B>>>;
  readonly status: 200 | 201;
  readonly result: R;
  /** Problems of its own, beside those that each operation may have. */
  readonly problems: readonly ProblemCode[];
}

export interface OperationSpec<P extends TObject, Q extends TObject, B extends TSchema, R extends TSchema>
  extends Described<P, Q, B, R> {
  readonly handle: (request: Checked<Static<P>, Static<Q>, Static<B>>, operations: Operations) => Promise<Static<R>>;
}

/** An operation whose types have done their work: what `handle` is given has been checked by its schemas. */
export interface ApiOperation extends Described<TObject, TObject, TSchema, TSchema> {
  readonly handle: (request: Checked<never, never, never>, operations: Operations) => Promise<unknown>;
}

/** An operation for the table. What its schemas say and what its handler takes and gives must agree. */
export function operation<P extends TObject, Q extends TObject, B extends TSchema, R extends TSchema>(
  spec: OperationSpec<P, Q, B, R>,
): ApiOperation {
  return spec as unknown as ApiOperation;
}
