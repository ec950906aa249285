/** Distinct IPv4 addresses as text, the same ones in every run. */
export function distinctAddresses(count: number): string[] {
  const seen = new Set<number>();
  const addresses: string[] = [];
  let state = 0x2026_1123;
  while (addresses.length < count) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const bits = state >>> 0;
    if (seen.has(bits)) continue;
    seen.add(bits);
    const octets = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255];
    // Through a buffer, since a joined string may be a tree of parts, unlike one from a socket.
    addresses.push(Buffer.from(octets.join("."), "latin1").toString("latin1"));
  }
  return addresses;
}
