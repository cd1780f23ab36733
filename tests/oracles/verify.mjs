// Verifies {"credentials": […], "now": "…"} with @digitalbazaar/vc and eddsa-rdfc-2022: {"verdicts": [{verified, error}]}.
// The status of a credential is not looked up.
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {verifyCredential} from '@digitalbazaar/vc';
import {answer, documentLoader, input, message} from './common.mjs';

const verdicts = [];
for(const credential of input.credentials) {
  const result = await verifyCredential({
    credential,
    suite: new DataIntegrityProof({cryptosuite}),
    documentLoader,
    checkStatus: async () => ({verified: true}),
    now: input.now
  });
  verdicts.push({verified: result.verified, error: result.error ? message(result.error) : null});
}
answer({verdicts});
