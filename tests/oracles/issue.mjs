// Issues {"credentials": […], "created": "…"} with @digitalbazaar/vc and eddsa-rdfc-2022 under a new did:key: {"issued": […]}.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {issue} from '@digitalbazaar/vc';
import {answer, documentLoader, input} from './common.mjs';

const keyPair = await Ed25519Multikey.generate();
const did = `did:key:${keyPair.publicKeyMultibase}`;
keyPair.controller = did;
keyPair.id = `${did}#${keyPair.publicKeyMultibase}`;
const issued = [];
for(const credential of input.credentials) {
  const suite = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite, date: input.created});
  const issuer = typeof credential.issuer === 'object' ? {...credential.issuer, id: did} : did;
  issued.push(await issue({credential: {...credential, issuer}, suite, documentLoader, now: input.created}));
}
answer({issued});
