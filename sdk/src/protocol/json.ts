/** What JSON can say. Custom and ephemeral events carry it untouched. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
