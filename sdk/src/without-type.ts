/** What a frame says, without which it is: as an application gets it. */
export function withoutType<T extends { readonly type: string }>({ type: _, ...rest }: T): Omit<T, 'type'> {
  return rest;
}
