/** This machine has not what a profile needs. The message is one sentence. */
export class Unavailable extends Error {
  readonly code = 'unavailable';
}
