// Sends a file in parts (tus 1.0): where the line breaks it goes on, and also when the page was loaded anew and the same file is chosen again. The server alone remembers.
export const Part = 1 << 20;
const Tries = 5, Pause = 1000, LongestPause = 30_000, Patience = 30 * 60_000;

/** Resolves to the upload's id; to null where the plain form has to do it, to undefined where the line did not come back. */
export async function sendParts(form, file, kind, told) {
  const headers = { 'Tus-Resumable': '1.0.0', RequestVerificationToken: form.elements.__RequestVerificationToken.value };
  const ask = async (method, address, more = {}, body) => {
    for (let since = performance.now(), pause = Pause; ; pause = Math.min(pause * 2, LongestPause)) {
      const answer = await fetch(address, { method, headers: { ...headers, ...more }, body, redirect: 'manual' }).catch(() => null);
      if (answer && answer.status !== 503 && answer.status !== 429) return answer;
      if (performance.now() - since > Patience) throw new Error('away');
      told.waiting();
      await new Promise(go => { setTimeout(go, pause); addEventListener('online', go, { once: true }); });
    }
  };
  const print = `${kind}-${await fingerprint(file)}`;
  try {
    // the same file has the same key: what was begun before is found again, what has expired or was deleted gives way to the next
    for (let n = 0; n < Tries; n++) {
      const started = await ask('POST', `/uploads/parts?kind=${kind}`, { 'Upload-Length': file.size, 'Upload-Metadata': `filetype ${btoa(file.type)}`, 'Idempotency-Key': `${print}-${n}` });
      if (started.status !== 201) return null;
      const address = started.headers.get('Location'), where = async () => { const at = await ask('HEAD', address); return at.ok ? Number(at.headers.get('Upload-Offset')) : -1; };
      let offset = await where();
      while (offset >= 0 && offset < file.size) {
        told.at(Math.floor(offset / file.size * 100));
        const sent = await ask('PATCH', address, { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' }, file.slice(offset, offset + Part));
        if (sent.status === 204) offset = Number(sent.headers.get('Upload-Offset'));
        else if (sent.status === 409 || sent.status === 404) offset = await where();
        else return null;
      }
      if (offset === file.size) return address.split('/').pop();
    }
    return null;
  } catch { return undefined; }
}

/** Tells files apart without their names: length, time, and what stands at the beginning and the end (FNV-1a, twice). */
async function fingerprint(file) {
  const bytes = new Uint8Array(await new Blob([`${file.size} ${file.lastModified} ${file.type}`, file.slice(0, 65536), file.slice(-65536)]).arrayBuffer());
  let [one, two] = [0x811c9dc5, 0x01000193];
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x85ebca6b) + 1;
  }
  return (one >>> 0).toString(16) + (two >>> 0).toString(16);
}
