/** A code that an application may close with; any other would be a violation of WebSocket itself. */
export function isCloseCode(code: unknown): code is number {
  return (
    code === 1000 ||
    code === 1001 ||
    code === 1012 ||
    (Number.isInteger(code) && (code as number) >= 3000 && (code as number) <= 4999)
  );
}
