// Measures @digitalbazaar/vc with eddsa-rdfc-2022, and jsonld.js canonicalising, in CPU seconds for each credential:
// {"unsigned", "signed", "canonized", "created"} in, {"issue_seconds", "verify_seconds", "canonize_seconds"} out.
// Contexts are parsed once and marked static, so that jsonld.js caches what it makes of them.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {issue, verifyCredential} from '@digitalbazaar/vc';
import {answer, documentLoader as load, input} from './common.mjs';

const loaded = new Map();
async function documentLoader(url) {
  if(!loaded.has(url)) {
    loaded.set(url, await load(url));
  }
  return loaded.get(url);
}

const keyPair = await Ed25519Multikey.generate();
const did = `did:key:${keyPair.publicKeyMultibase}`;
keyPair.controller = did;
keyPair.id = `${did}#${keyPair.publicKeyMultibase}`;
const signer = keyPair.signer();
const unsigned = JSON.stringify({...input.unsigned, issuer: {...input.unsigned.issuer, id: did}});
const signed = JSON.stringify(input.signed);
const now = input.created;

async function sign() {
  const suite = new DataIntegrityProof({signer, cryptosuite, date: input.created});
  return issue({credential: JSON.parse(unsigned), suite, documentLoader, now});
}

async function verify() {
  const suite = new DataIntegrityProof({cryptosuite});
  const checkStatus = async () => ({verified: true});
  const result = await verifyCredential({credential: JSON.parse(signed), suite, documentLoader, checkStatus, now});
  if(!result.verified) {
    throw result.error;
  }
}

async function canonize() {
  return cryptosuite.canonize(input.canonized, {documentLoader, base: null, safe: true});
}

async function best(work) {
  let least = Infinity;
  for(let round = 0; round < 20; ++round) {
    const before = process.cpuUsage();
    for(let i = 0; i < 25; ++i) {
      await work();
    }
    const used = process.cpuUsage(before);
    least = Math.min(least, (used.user + used.system) / 1e6 / 25);
  }
  return least;
}

answer({
  issue_seconds: await best(sign),
  verify_seconds: await best(verify),
  canonize_seconds: input.canonized ? await best(canonize) : null
});
