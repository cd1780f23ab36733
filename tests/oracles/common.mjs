// What the scripts beside this one share. Each reads one JSON object from standard input and writes one to standard
// output. "contexts" maps the addresses of contexts to files; "documents" maps further addresses (DIDs, DID URLs) to
// documents. Nothing is fetched.
import {readFileSync} from 'node:fs';

export const input = JSON.parse(readFileSync(0, 'utf8'));
export const answer = value => process.stdout.write(JSON.stringify(value));

const contexts = new Map(Object.entries(input.contexts ?? {}));
const documents = new Map(Object.entries(input.documents ?? {}));

function didKey(url) {
  const [did, fragment] = url.split('#');
  const multibase = did.slice('did:key:'.length);
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: `${did}#${multibase}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: multibase
  };
  if(fragment) {
    return method;
  }
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [method],
    assertionMethod: [method.id],
    authentication: [method.id]
  };
}

export async function documentLoader(url) {
  let document;
  if(contexts.has(url)) {
    document = JSON.parse(readFileSync(contexts.get(url), 'utf8'));
  } else if(documents.has(url)) {
    document = documents.get(url);
  } else if(url.startsWith('did:key:')) {
    document = didKey(url);
  } else {
    throw new Error(`not bundled: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document, tag: 'static'};
}

export function message(error) {
  const inner = error?.errors?.map(message) ?? [];
  return [error?.message ?? String(error), ...inner].join('; ');
}
