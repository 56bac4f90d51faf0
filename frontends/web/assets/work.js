// Finds the number that docs/challenge.md asks for. Runs beside the page, which stays free; SHA-256 is written out because crypto.subtle answers one hash at a time, and only over https.
const K = new Uint32Array(64), First = new Uint32Array(8);
for (let n = 2, found = 0; found < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
  if (!prime) continue;
  const fraction = power => { const root = n ** power; return ((root - Math.floor(root)) * 4294967296) >>> 0; };
  if (found < 8) First[found] = fraction(1 / 2);
  K[found++] = fraction(1 / 3);
}
const turn = (x, n) => (x >>> n) | (x << (32 - n)), w = new Uint32Array(64);

/** The hash of bytes as eight words. */
export function sha256(bytes) {
  const length = bytes.length, padded = new Uint8Array((((length + 8) >> 6) + 1) << 6), view = new DataView(padded.buffer), h = Uint32Array.from(First);
  padded.set(bytes);
  padded[length] = 0x80;
  view.setUint32(padded.length - 4, length << 3);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (let i = 0; i < 64; i++) {
      const one = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
  }
  return h;
}

const text = new TextEncoder(), hex = words => [...words].map(word => word.toString(16).padStart(8, '0')).join('');

/** The first number from 0 on whose hash begins with enough zero bits. */
export function solve(challenge, account, bits) {
  const before = `${challenge}:${hex(sha256(text.encode(account)))}:`;
  for (let nonce = 0; ; nonce++) {
    const hash = sha256(text.encode(before + nonce));
    let zeros = Math.clz32(hash[0]);
    for (let i = 1; zeros === 32 * i && i < 8; i++) zeros += Math.clz32(hash[i]);
    if (zeros >= bits) return String(nonce);
  }
}

if (typeof WorkerGlobalScope !== 'undefined' && self instanceof WorkerGlobalScope) self.onmessage = ({ data }) => self.postMessage(solve(data.challenge, data.account, data.bits));
