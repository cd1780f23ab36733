// Issues, shows and verifies SD-JWT with @sd-jwt/core and SD-JWT VC with @sd-jwt/sd-jwt-vc.
// Reads {"issuer": JWK, "holder": JWK, "issue": [{kind, claims, frame, header}], "present": [{kind, token, frame, kb}],
// "verify": [{kind, token, nonce, now, lists}]}; kind is "core" or "vc", the keys hold their secrets, "lists" maps the
// addresses of status list tokens to them. Writes {"issued": […], "presented": […], "verdicts": [{verified, payload, error}]}.
import {createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify} from 'node:crypto';
import {SDJwtInstance} from '@sd-jwt/core';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {answer, input, message} from './common.mjs';

const signer = jwk => {
  const key = createPrivateKey({key: jwk, format: 'jwk'});
  return async data => sign('sha256', Buffer.from(data), {key, dsaEncoding: 'ieee-p1363'}).toString('base64url');
};
const verifier = jwk => {
  const key = createPublicKey({key: jwk, format: 'jwk'});
  return async (data, signature) =>
    verify('sha256', Buffer.from(data), {key, dsaEncoding: 'ieee-p1363'}, Buffer.from(signature, 'base64url'));
};

function instance(task) {
  const Kind = task.kind === 'vc' ? SDJwtVcInstance : SDJwtInstance;
  return new Kind({
    signer: signer(input.issuer),
    verifier: verifier(input.issuer),
    signAlg: 'ES256',
    hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    hashAlg: 'sha-256',
    saltGenerator: length => randomBytes(length).toString('base64url'),
    kbSigner: signer(input.holder),
    kbSignAlg: 'ES256',
    kbVerifier: async (data, signature, payload) => verifier(payload.cnf.jwk)(data, signature),
    statusListFetcher: async uri => task.lists[uri],
    statusVerifier: verifier(input.issuer),
    statusValidator: async status => {
      if(status !== 0) {
        throw new Error(`status ${status}`);
      }
    },
    loadTypeMetadataFormat: false
  });
}

const issued = [];
for(const task of input.issue ?? []) {
  issued.push(await instance(task).issue(task.claims, task.frame, {header: task.header ?? {}}));
}
const presented = [];
for(const task of input.present ?? []) {
  presented.push(await instance(task).present(task.token, task.frame, task.kb ? {kb: {payload: task.kb}} : undefined));
}
const verdicts = [];
for(const task of input.verify ?? []) {
  try {
    const options = {currentDate: task.now, ...(task.nonce ? {keyBindingNonce: task.nonce} : {})};
    const {payload} = await instance(task).verify(task.token, options);
    verdicts.push({verified: true, payload, error: null});
  } catch(error) {
    verdicts.push({verified: false, payload: null, error: message(error)});
  }
}
answer({issued, presented, verdicts});
