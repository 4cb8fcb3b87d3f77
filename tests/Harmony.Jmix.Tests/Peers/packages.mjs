// Writes packages as the three public implementations write them, and opens ours, with nothing but Node's own library:
//   node packages.mjs write  MAKER plain|encrypted FOLDER PUBLIC-KEY-BASE64   makes FOLDER/package
//   node packages.mjs open   FOLDER PRIVATE-KEY-BASE64                        prints the names and hashes of the payload
//   node packages.mjs verify FOLDER                                           verifies the sender's assertion and manifest.jws
import { createHash, createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const sha = (data) => createHash('sha256').update(data).digest('hex');
const files = {
  'dicom/1.2.3.1.dcm': Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(3000, 7)]),
  'dicom/1.2.3.2.dcm': Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(70000, 9)]),
};

const makers = {
  'jmix-rs': { info: 'JMIX-AES256-GCM', cipher: 'payload.enc', root: './', suffix: '.jmix' },
  'jmix-php': { info: 'JMIX-payload-encryption', cipher: 'payload.encrypted', root: '', suffix: '.JMIX' },
  'jmix-js': { info: 'JMIX-Payload-Encryption', cipher: 'payload.encrypted', root: 'payload/', suffix: '.JMIX' },
};

const x25519Public = (raw) => createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: raw.toString('base64url') }, format: 'jwk' });
const raw = (key, member) => Buffer.from(key.export({ format: 'jwk' })[member], 'base64url');

function tar(entries, root) {
  const blocks = [];
  for (const [name, data] of entries) {
    const header = Buffer.alloc(512);
    header.write(root + name, 0, 100);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(data.length.toString(8).padStart(11, '0') + '\0', 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\0' + '00', 257);
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148);
    blocks.push(header, data, Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function untar(data) {
  const found = {};
  let long = null;
  for (let at = 0; at + 512 <= data.length && data[at] !== 0;) {
    const field = (start, length) => data.subarray(at + start, at + start + length).toString('utf8').replace(/\0.*$/s, '');
    const size = parseInt(field(124, 12), 8);
    const body = data.subarray(at + 512, at + 512 + size);
    if (field(156, 1) === 'x') long = /^\d+ path=(.*)$/m.exec(body.toString('utf8'))?.[1] ?? null;
    else { found[long ?? field(0, 100)] = body; long = null; }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

const contents = (payload) => {
  const hash = createHash('sha256');
  for (const name of Object.keys(payload).sort()) hash.update(name + '\n').update(payload[name]);
  return 'sha256:' + hash.digest('hex');
};

const listing = (payload) => {
  const lines = { dicom: 'dir:dicom' };
  for (const [name, data] of Object.entries(payload)) lines[name] = `file:${name}:${data.length}:${sha(data)}`;
  return 'sha256:' + sha(Object.keys(lines).sort().map((k) => lines[k] + '\n').join(''));
};

const canonical = (fields) => JSON.stringify(Object.fromEntries(Object.keys(fields).sort().map((k) => [k, fields[k]])));

function write(maker, isEncrypted, folder, publicKey) {
  const form = makers[maker];
  const id = randomUUID();
  const timestamp = '2026-01-31T12:00:00Z';
  const signer = generateKeyPairSync('ed25519');
  const signingKey = raw(signer.publicKey, 'x');
  const payload = { ...files };
  payload['metadata.json'] = Buffer.from(JSON.stringify(maker === 'jmix-js'
    ? { patient: { id: 'P1', name: 'Doe Jane' }, study: { uid: '1.2.3' }, dicom: {}, custom_metadata: {} }
    : { version: '1.0', id, timestamp, patient: { id: 'P1' }, studies: { study_uid: '1.2.3', series: [{ series_uid: '1.2.3.9', modality: 'CT', instance_count: 2 }] } }));
  if (maker === 'jmix-rs') payload['files.json'] = Buffer.from(JSON.stringify(Object.keys(payload).map((file) => ({ file, hash: 'sha256:' + sha(payload[file]), size_bytes: payload[file].length }))));

  const assertion = (fields, values) => ({
    signing_key: { alg: 'Ed25519', public_key: signingKey.toString('base64'), fingerprint: 'SHA256:' + (maker === 'jmix-php' ? sha(signingKey).toUpperCase() : sha(signingKey)) },
    signed_fields: fields,
    signature: sign(null, Buffer.from(canonical(values)), signer.privateKey).toString('base64'),
    expires_at: '2099-01-01T00:00:00Z',
  });
  const sender = { name: 'Klinik Größe/1', id: 'org:a.example', contact: 'a@example.org' };
  const receiver = { name: 'B', id: 'org:b.example', contact: 'b@example.org' };
  let manifest;
  if (maker === 'jmix-js') {
    manifest = { jmix_version: '1.0', envelope_id: id, created_at: timestamp, sender, receivers: [receiver], patient: { id: 'P1', name: 'Doe Jane' }, security: { classification: 'internal' } };
  } else {
    const fields = maker === 'jmix-rs' ? ['sender.id', 'sender.name', 'manifest.id', 'timestamp'] : ['sender.id', 'sender.name', 'sender.contact', 'manifest_hash', 'id', 'timestamp'];
    const values = maker === 'jmix-rs'
      ? { 'sender.id': sender.id, 'sender.name': sender.name, 'manifest.id': id, timestamp }
      : Object.fromEntries(fields.map((f) => [f, null])); // it looks for the fields one level too high
    manifest = { version: '1.0', id, timestamp, sender: { ...sender, assertion: assertion(fields, values) }, requester: receiver, receiver: [receiver], security: { classification: 'confidential', payload_hash: '' } };
  }

  const before = JSON.stringify(manifest);
  let cipher = null;
  if (isEncrypted) {
    const ephemeral = generateKeyPairSync('x25519');
    const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: x25519Public(Buffer.from(publicKey, 'base64')) });
    const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), form.info, 32));
    const iv = randomBytes(12);
    const archive = tar(Object.entries(payload), form.root);
    const gcm = createCipheriv('aes-256-gcm', key, iv);
    cipher = Buffer.concat([gcm.update(archive), gcm.final()]);
    manifest.security.encryption = { algorithm: 'AES-256-GCM', ephemeral_public_key: raw(ephemeral.publicKey, 'x').toString('base64'), iv: iv.toString('base64'), auth_tag: gcm.getAuthTag().toString('base64') };
    manifest.security.payload_hash = maker === 'jmix-rs' ? 'sha256:' + sha(archive) : maker === 'jmix-php' ? 'sha256:' + sha(cipher) : contents(payload);
  } else {
    manifest.security.payload_hash = maker === 'jmix-php' ? listing(payload) : contents(payload);
  }
  if (maker === 'jmix-php') manifest.security.jws = { jws_file: 'manifest.jws' };

  const root = join(folder, 'package' + form.suffix);
  const put = (name, data) => { mkdirSync(dirname(join(root, name)), { recursive: true }); writeFileSync(join(root, name), data); };
  const text = JSON.stringify(manifest, null, 2);
  put('manifest.json', text);
  put('audit.json', JSON.stringify({ audit: [{ event: maker === 'jmix-js' ? 'envelope_created' : 'created', by: { id: sender.id, name: sender.name }, timestamp }] }));
  if (maker !== 'jmix-js') {
    const b64 = (data) => Buffer.from(data).toString('base64url');
    const signed = b64(JSON.stringify(maker === 'jmix-rs' ? { alg: 'EdDSA', typ: 'JWS', crv: 'Ed25519' } : { alg: 'EdDSA', typ: 'JWT' })) + '.' + b64(maker === 'jmix-rs' ? text : before);
    put('manifest.jws', signed + '.' + sign(null, Buffer.from(signed), signer.privateKey).toString('base64url'));
  }
  if (cipher) put(form.cipher, cipher);
  else for (const [name, data] of Object.entries(payload)) put('payload/' + name, data);
}

function open(folder, privateKey) {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const encryption = manifest.security.encryption;
  const cipherName = existsSync(join(folder, 'payload.enc')) ? 'payload.enc' : 'payload.encrypted';
  const secret = createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', d: Buffer.from(privateKey, 'base64').toString('base64url'), x: Buffer.alloc(32).toString('base64url') }, format: 'jwk' });
  const shared = diffieHellman({ privateKey: secret, publicKey: x25519Public(Buffer.from(encryption.ephemeral_public_key, 'base64')) });
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), process.argv[5] ?? 'JMIX-AES256-GCM', 32));
  const gcm = createDecipheriv('aes-256-gcm', key, Buffer.from(encryption.iv, 'base64'));
  gcm.setAuthTag(Buffer.from(encryption.auth_tag, 'base64'));
  const cipher = readFileSync(join(folder, cipherName));
  const plain = untar(Buffer.concat([gcm.update(cipher), gcm.final()]));
  for (const name of Object.keys(plain).sort()) console.log(name.replace(/^(\.\/|payload\/)/, '') + ' ' + sha(plain[name]));
}

function verifyPackage(folder) {
  const bytes = readFileSync(join(folder, 'manifest.json'));
  const manifest = JSON.parse(bytes);
  const { signing_key, signed_fields, signature } = manifest.sender.assertion;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(signing_key.public_key, 'base64').toString('base64url') }, format: 'jwk' });
  const find = (field) => (field === 'manifest.id' ? manifest.id : field.split('.').reduce((value, name) => value?.[name], manifest));
  const values = Object.fromEntries(signed_fields.map((f) => [f, find(f) ?? null]));
  const [header, payload, jws] = readFileSync(join(folder, 'manifest.jws'), 'utf8').split('.');
  console.log('assertion ' + verify(null, Buffer.from(canonical(values)), key, Buffer.from(signature, 'base64')));
  console.log('jws ' + (verify(null, Buffer.from(header + '.' + payload), key, Buffer.from(jws, 'base64url')) && Buffer.from(payload, 'base64url').equals(bytes)));
  const payloadFolder = join(folder, 'payload');
  const found = {};
  const walk = (directory) => { for (const entry of readdirSync(directory)) { const path = join(directory, entry); if (statSync(path).isDirectory()) walk(path); else found[relative(payloadFolder, path)] = readFileSync(path); } };
  walk(payloadFolder);
  const lines = {};
  for (const [name, data] of Object.entries(found)) {
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) lines[name.slice(0, slash)] = 'dir:' + name.slice(0, slash);
    lines[name] = `file:${name}:${data.length}:${sha(data)}`;
  }
  console.log('hash ' + (manifest.security.payload_hash === 'sha256:' + sha(Object.keys(lines).sort().map((k) => lines[k] + '\n').join(''))));
}

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'write') write(rest[0], rest[1] === 'encrypted', rest[2], rest[3]);
else if (verb === 'open') open(rest[0], rest[1]);
else verifyPackage(rest[0]);
