/** What goes wrong in the element itself. The SDK's errors have a `code` as well. */
export class WidgetError extends Error {
  override readonly name = 'WidgetError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Whatever was thrown, as an error with a code. */
export function toCodedError(thrown: unknown): Error & { readonly code: string } {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string')
    return thrown as Error & { readonly code: string };
  return new WidgetError('internal', thrown instanceof Error ? thrown.message : String(thrown));
}
