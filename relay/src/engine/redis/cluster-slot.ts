const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/** The slot of a hash tag on a Redis Cluster: CRC-16 (XMODEM) modulo 16,384. `tag` is ASCII. */
export function clusterSlot(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0)) & 0xffff;
  }
  return crc % SLOTS;
}
