// Measures @sd-jwt/sd-jwt-vc with ES256, in CPU seconds for each credential:
// {"issuer": JWK with its secret, "claims", "concealed", "token", "now"} in, {"issue_seconds", "verify_seconds"} out.
import {createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify} from 'node:crypto';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {answer, input} from './common.mjs';

const secret = createPrivateKey({key: input.issuer, format: 'jwk'});
const key = createPublicKey({key: input.issuer, format: 'jwk'});
const instance = new SDJwtVcInstance({
  signer: async data => sign('sha256', Buffer.from(data), {key: secret, dsaEncoding: 'ieee-p1363'}).toString('base64url'),
  verifier: async (data, signature) =>
    verify('sha256', Buffer.from(data), {key, dsaEncoding: 'ieee-p1363'}, Buffer.from(signature, 'base64url')),
  signAlg: 'ES256',
  hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
  hashAlg: 'sha-256',
  saltGenerator: length => randomBytes(length).toString('base64url')
});

async function best(work) {
  let least = Infinity;
  for(let round = 0; round < 20; ++round) {
    const before = process.cpuUsage();
    for(let i = 0; i < 100; ++i) {
      await work();
    }
    const used = process.cpuUsage(before);
    least = Math.min(least, (used.user + used.system) / 1e6 / 100);
  }
  return least;
}

answer({
  issue_seconds: await best(async () => instance.issue({...input.claims}, {_sd: input.concealed})),
  verify_seconds: await best(async () => instance.verify(input.token, {currentDate: input.now}))
});
