// Canonicalises {"documents_to_canonize": […]} with jsonld.js and rdf-canonize: {"forms": [{nquads, error}]}.
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {answer, documentLoader, input, message} from './common.mjs';

const forms = [];
for(const document of input.documents_to_canonize) {
  try {
    forms.push({nquads: await cryptosuite.canonize(document, {documentLoader, base: null, safe: true}), error: null});
  } catch(error) {
    forms.push({nquads: null, error: message(error)});
  }
}
answer({forms});
