/** Says on which port a server of the bench listens: `Listening on 12345`. */
export function listening(port: number): void {
  process.stdout.write(`Listening on ${port}\n`);
}
