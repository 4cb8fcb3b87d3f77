// dicomweb-client.mjs CLIENT URL FILE: searches, stores, and retrieves with dicomweb-client, as a page would. Prints what it found as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { request } from 'node:http';

// The client is made for browsers: this is as much of XMLHttpRequest as it uses.
globalThis.XMLHttpRequest = class {
  headers = {};
  open(method, url) { Object.assign(this, { method, url }); }
  setRequestHeader(name, value) { this.headers[name] = value; }
  getResponseHeader(name) { return this.answer?.headers[name.toLowerCase()] ?? null; }
  getAllResponseHeaders() { return Object.entries(this.answer?.headers ?? {}).map(([n, v]) => `${n}: ${v}`).join('\r\n'); }
  send(body) {
    const sent = request(this.url, { method: this.method, headers: this.headers }, answer => {
      const pieces = [];
      answer.on('data', p => pieces.push(p)).on('end', () => {
        const bytes = Buffer.concat(pieces);
        Object.assign(this, { answer, readyState: 4, status: answer.statusCode });
        this.response = this.responseType === 'arraybuffer' ? bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
          : this.responseType === 'json' ? (bytes.length ? JSON.parse(bytes) : null) : bytes.toString();
        this.responseText = bytes.toString();
        this.onreadystatechange?.();
      });
    });
    sent.on('error', () => this.onerror?.());
    sent.end(body ? Buffer.from(body.buffer ?? body) : undefined);
  }
};

const [, , module, url, file] = process.argv;
const { api } = createRequire(import.meta.url)(module);
const client = new api.DICOMwebClient({ url });
const bytes = readFileSync(file);
const stored = await client.storeInstances({ datasets: [bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)] });
const studies = await client.searchForStudies({ queryParams: { PatientID: 'P-1' } });
const one = { studyInstanceUID: '1.2.3.1', seriesInstanceUID: '1.2.3.2', sopInstanceUID: '1.2.3.3' };
const metadata = [await client.retrieveInstanceMetadata(one)].flat()[0];
const instance = await client.retrieveInstance(one);
const series = await client.retrieveSeries(one);
const frames = await client.retrieveInstanceFrames({ ...one, frameNumbers: [1] });
const bulk = await client.retrieveBulkData({ BulkDataURI: metadata['7FE00010'].BulkDataURI });
console.log(JSON.stringify({
  studies: studies.length, rows: metadata['00280010'].Value[0], instance: instance.byteLength, series: series.map(s => s.byteLength), frames: frames.map(f => f.byteLength), bulk: bulk.map(b => b.byteLength), stored: !!stored,
}));
