// Canonicalises {"documents_to_canonize": […]} with jsonld.js and rdf-canonize: {"forms": [{nquads, error}]}.
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {answer, documentLoader, input, message} from './common.mjs';

const forms = [];
for(const document of input.documents_to_canonize) {
  try {
    const options = {documentLoader, base: null, safe: true, maxWorkFactor: 3};
    forms.push({nquads: await cryptosuite.canonize(document, options), error: null});
  } catch(error) {
    forms.push({nquads: null, error: message(error)});
  }
}
answer({forms});
