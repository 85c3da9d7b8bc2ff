/**
 * As `fetch`, with the body in memory before it resolves. Rejects where it holds more than `maxBytes`: whoever answers, a
 * relay's memory is not theirs to fill. Redirects are not followed.
 */
export async function boundedFetch(url: string, init: RequestInit, maxBytes: number): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const { status, body } = response;
  if (status !== 200 || body === null) {
    await body?.cancel();
    return response;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status });
}
