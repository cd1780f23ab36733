"""JSON-LD: bundled contexts, what is refused because a signature would not cover it, and both ways agreeing."""

import hashlib
from pathlib import Path

import pytest

from openmcx.credentials import ContextError, DataLossError
from openmcx.credentials.jsonld import BUNDLED, canonical_nquads, contexts, to_nquads
from tests.credentials.jsonld_ways import NOT_COMPILED, OPEN_BADGES, VC, by_expansion, by_quads, by_walk, outcome

XSD = "http://www.w3.org/2001/XMLSchema#"


def credential(**members):
    return {"@context": [VC], "id": "urn:c", "type": "VerifiableCredential", **members}


def with_terms(terms, **members):
    return {"@context": [VC, terms], "id": "urn:c", **members}


class TestContexts:
    def test_the_ones_with_published_digests_have_them(self):
        # From VC Data Model 2.0, appendix B.1; VC Data Integrity 1.0, section 2.4.2; and the publishers' own files.
        digests = {url: bundled.sha256 for url, bundled in BUNDLED.items()}
        assert digests[contexts.VC_V2] == "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
        assert digests[contexts.VC_V1] == "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc"
        assert digests[contexts.DATA_INTEGRITY_V2] == "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"

    @pytest.mark.parametrize("url", BUNDLED)
    def test_every_file_has_its_recorded_digest_and_can_be_processed(self, url):
        assert hashlib.sha256(contexts.source(url)).hexdigest() == BUNDLED[url].sha256
        if url == contexts.VC_V1:
            document = {"@context": [url], "id": "urn:c", "type": "VerifiableCredential"}
        else:
            document = {"@context": [url], "@id": "urn:c", "urn:p": "x"}
        assert canonical_nquads(document) == by_expansion(document)

    def test_every_file_in_the_folder_is_listed_and_has_a_source(self):
        folder = Path(contexts.__file__).parent / "contexts"
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        sources = {f"{path.split('/')[0]}/SOURCE.txt" for path in files}
        assert files == {bundled.path for bundled in BUNDLED.values()} | sources

    @pytest.mark.parametrize(
        "url",
        [
            "https://www.w3.org/ns/credentials/v2/",
            "http://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/v2#",
            "HTTPS://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/./v2",
            "https://www.w3.org/ns/credentials/v3",
            "https://data.europa.eu/snb/model/context/edc-ap",
            "file:///etc/passwd",
            "../contexts/w3c/credentials-v2.jsonld",
            "",
        ],
    )
    @pytest.mark.parametrize("way", [by_walk, by_expansion])
    def test_only_the_exact_address_is_known(self, way, url):
        with pytest.raises(ContextError) as refusal:
            way(credential(**{"@context": [VC, url]}))
        assert (refusal.value.code, refusal.value.params) == ("unknown-context", {"url": url})

    def test_the_place_of_an_unknown_one_is_named(self):
        subject = {"id": "urn:s", "@context": "https://evil.example/"}
        with pytest.raises(ContextError) as refusal:
            canonical_nquads(credential(credentialSubject=subject))
        assert refusal.value.where == "/credentialSubject/@context"

    def test_a_changed_file_is_refused(self, monkeypatch, tmp_path):
        path = BUNDLED[VC].path
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(contexts.source(VC).replace(b"issuer", b"isuser"))
        monkeypatch.setattr(contexts, "_FOLDER", tmp_path)
        with pytest.raises(ContextError) as refusal:
            contexts.source(VC)
        assert refusal.value.code == "context-tampered"

    def test_a_document_needs_one(self):
        with pytest.raises(ContextError) as refusal:
            canonical_nquads({"id": "urn:c", "urn:p": "x"})
        assert refusal.value.code == "context-missing"


# What would be dropped without a word: the document, the code, and where it stands.
LOST = [
    pytest.param(credential(nope="x"), "undefined-term", "/nope", id="term"),
    pytest.param(credential(credentialSubject={"a~/b": 1}), "undefined-term", "/credentialSubject/a~0~1b", id="inner"),
    pytest.param(credential(**{"a b:c": "x"}), "undefined-term", "/a b:c", id="iri-with-space"),
    pytest.param(credential(**{"urn:<x>": "x"}), "undefined-term", "/urn:<x>", id="iri-with-brackets"),
    pytest.param(credential(**{"@foo": "x"}), "keyword-like-term", "/@foo", id="keyword-like"),
    pytest.param(credential(**{"": "x"}), "undefined-term", "/", id="empty-term"),
    pytest.param(credential(type=["VerifiableCredential", "Nope"]), "undefined-type", "/type/1", id="type"),
    pytest.param(credential(type=["VerifiableCredential", "./x"]), "undefined-type", "/type/1", id="relative-type"),
    pytest.param(credential(type=["VerifiableCredential", "@json"]), "undefined-type", "/type/1", id="keyword-type"),
    pytest.param(credential(type=["VerifiableCredential", ""]), "undefined-type", "/type/1", id="empty-type"),
    pytest.param(credential(type=["VerifiableCredential", "a b:c"]), "undefined-type", "/type/1", id="spaced-type"),
    pytest.param(credential(id="c"), "relative-iri", "/id", id="relative-id"),
    pytest.param(credential(id="/c"), "relative-iri", "/id", id="rooted-id"),
    pytest.param(credential(id="//host/c"), "relative-iri", "/id", id="schemeless-id"),
    pytest.param(credential(id="#c"), "relative-iri", "/id", id="fragment-id"),
    pytest.param(credential(id="?c"), "relative-iri", "/id", id="query-id"),
    pytest.param(credential(id=""), "relative-iri", "/id", id="empty-id"),
    pytest.param(credential(id="@type"), "relative-iri", "/id", id="keyword-id"),
    pytest.param(credential(issuer="issuer"), "relative-iri", "/issuer", id="relative-reference"),
    pytest.param(credential(issuer={"id": "x y"}), "relative-iri", "/issuer/id", id="relative-nested"),
    pytest.param(credential(issuer="did:a b"), "invalid-iri", "/issuer", id="space"),
    pytest.param(credential(issuer="did:a>b"), "invalid-iri", "/issuer", id="bracket"),
    pytest.param(credential(issuer='did:a"b'), "invalid-iri", "/issuer", id="quote"),
    pytest.param(credential(issuer="did:a\nb"), "invalid-iri", "/issuer", id="newline"),
    pytest.param(credential(issuer="did:ab\n"), "invalid-iri", "/issuer", id="newline-at-the-end"),
    pytest.param(credential(issuer="did:a\\u0041"), "invalid-iri", "/issuer", id="backslash"),
    pytest.param(credential(issuer="did:{a}|^`"), "invalid-iri", "/issuer", id="braces"),
    pytest.param(credential(name={"@value": "x", "@language": "en us"}), "invalid-language-tag", "/name/@language"),
    pytest.param(credential(name={"@value": "x", "@language": ""}), "invalid-language-tag", "/name/@language"),
    pytest.param(credential(name={"@value": "x", "@language": "en-"}), "invalid-language-tag", "/name/@language"),
    pytest.param(credential(name={"@value": "x", "@language": "en\n"}), "invalid-language-tag", "/name/@language"),
    pytest.param(
        credential(name={"@value": "x", "@language": 'en" . <urn:a> <urn:b> "c'}),
        "invalid-language-tag",
        "/name/@language",
        id="language-tag-that-writes-a-statement",
    ),
    pytest.param(credential(name={"@value": "x", "@language": "é"}), "invalid-language-tag", "/name/@language"),
    pytest.param(credential(name={"@value": None}), "value-says-nothing", None, id="null-value"),
    pytest.param(credential(name={"@language": "en"}), "value-says-nothing", None, id="only-a-language"),
    pytest.param({"@context": [VC], "id": "urn:c"}, "document-says-nothing", None, id="nothing-said"),
    pytest.param({"@context": [VC], "@graph": ["urn:a"]}, "value-says-nothing", None, id="free-text"),
    pytest.param({"@context": [VC], "@graph": [{"id": "urn:a"}]}, "value-says-nothing", None, id="free-id"),
    pytest.param({"@context": [VC], "@value": "x"}, "value-says-nothing", None, id="free-value"),
    pytest.param(credential(**{"@included": {"id": "urn:a"}}), "value-says-nothing", None, id="included-id"),
    pytest.param(
        credential(type=["VerifiablePresentation"], verifiableCredential="urn:vc"),
        "node-says-nothing",
        None,
        id="address-in-the-place-of-an-embedded-credential",
    ),
    pytest.param(with_terms({"p": "_:p"}, p="x"), "blank-node-property", None, id="blank-node-property"),
    pytest.param(with_terms({"p": None}, p="x"), "undefined-term", "/p", id="term-switched-off"),
    pytest.param(with_terms({"p": {"@id": "urn:p", "@container": "@index"}}, p={"a": "x"}), "index-not-covered", None),
    pytest.param(credential(name={"@value": "x", "@index": "i"}), "index-not-covered", None, id="index"),
    pytest.param(credential(id="_:a b", name="x"), "invalid-blank-node", "/id", id="blank-node-with-space"),
    pytest.param(credential(id='_:a" <b', name="x"), "invalid-blank-node", "/id", id="blank-node-with-quote"),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@type": f"{XSD}double"}}, p="1_0"), "not-a-double", "/p", id="double"
    ),
    pytest.param(
        credential(name={"@value": "x", "@type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}),
        "language-missing",
        None,
        id="language-string-without-language",
    ),
]


@pytest.mark.parametrize(("document", "code", "where"), LOST)
class TestDataLoss:
    def test_it_is_refused_with_its_place(self, document, code, where):
        for written in (canonical_nquads, to_nquads):
            with pytest.raises(DataLossError) as refusal:
                written(document)
            assert (refusal.value.code, refusal.value.where) == (code, where)

    def test_both_ways_refuse_it(self, document, code, where):
        assert outcome(by_walk, document) in (("DataLossError", code), NOT_COMPILED)
        kind, in_general = outcome(by_expansion, document)
        assert kind == "DataLossError"
        assert code in (in_general, "keyword-like-term", "document-says-nothing")


# What the walk covers, and what it leaves to the general processor, with the statements it must make.
WRITTEN = [
    pytest.param(
        credential(name='a\t"b"\\\n\x08\x0c\r\x7f\x00\ufffe é\u0085\u2028'),
        ['<urn:c> <https://schema.org/name> "a\\t\\"b\\"\\\\\\n\\b\\f\\r\\u007F\\u0000\\uFFFE é\u0085\u2028" .'],
        id="escapes",
    ),
    pytest.param(
        credential(name={"@value": "Käse", "@language": "DE-at"}),
        ['<urn:c> <https://schema.org/name> "Käse"@de-at .'],
        id="language-in-lower-case",
    ),
    pytest.param(
        credential(
            name=[{"@value": "x", "@language": "ar", "@direction": "rtl"}, {"@value": "x", "@direction": "ltr"}]
        ),
        [
            '<urn:c> <https://schema.org/name> "x"^^<https://www.w3.org/ns/i18n#ar_rtl> .',
            '<urn:c> <https://schema.org/name> "x"^^<https://www.w3.org/ns/i18n#_ltr> .',
        ],
        id="direction",
    ),
    pytest.param(
        credential(name=[True, False, 1, -0.0, 1.0, 1.5, 1e21, 1e-7, -2.5e-10, 5, None, []]),
        [
            f'<urn:c> <https://schema.org/name> "{text}"^^<{XSD}{kind}> .'
            for text, kind in [
                ("true", "boolean"),
                ("false", "boolean"),
                ("1", "integer"),
                ("0", "integer"),
                ("1.5E0", "double"),
                ("1.0E21", "double"),
                ("1.0E-7", "double"),
                ("-2.5E-10", "double"),
                ("5", "integer"),
            ]
        ],
        id="numbers",
    ),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@type": f"{XSD}double"}}, p=[1, "1.50", 2.0, "-.5e3"]),
        [f'<urn:c> <urn:p> "{text}"^^<{XSD}double> .' for text in ("1.0E0", "1.5E0", "2.0E0", "-5.0E2")],
        id="doubles",
    ),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@type": "@json"}}, p={"b": [1.0, None], "a": "é"}),
        ['<urn:c> <urn:p> "{\\"a\\":\\"é\\",\\"b\\":[1,null]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .'],
        id="json",
    ),
    pytest.param(
        with_terms(
            {"p": {"@id": "urn:p", "@container": "@language"}}, p={"en": ["a", "b"], "de-CH": "c", "@none": "d"}
        ),
        [f"<urn:c> <urn:p> {text} ." for text in ('"a"@en', '"b"@en', '"c"@de-ch', '"d"')],
        id="language-map",
    ),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@container": "@list"}}, p=["a", {"id": "urn:b"}]),
        [
            "<urn:c> <urn:p> _:c14n0 .",
            '_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "a" .',
            "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:c14n1 .",
            "_:c14n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <urn:b> .",
            "_:c14n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> "
            "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .",
        ],
        id="list",
    ),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@container": "@list"}}, p=[]),
        ["<urn:c> <urn:p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> ."],
        id="empty-list",
    ),
    pytest.param(
        with_terms({"p": {"@reverse": "urn:p"}}, p=[{"id": "urn:a"}, {"id": "urn:b"}]),
        ["<urn:a> <urn:p> <urn:c> .", "<urn:b> <urn:p> <urn:c> ."],
        id="reverse",
    ),
    pytest.param(with_terms({"n": "@nest", "p": "urn:p"}, n={"p": "x"}), ['<urn:c> <urn:p> "x" .'], id="nest"),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@container": "@id"}, "q": "urn:q"}, p={"urn:a": {"q": "x"}}),
        ["<urn:c> <urn:p> <urn:a> .", '<urn:a> <urn:q> "x" .'],
        id="id-map",
    ),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@container": "@graph"}, "q": "urn:q"}, p={"q": "x"}),
        ["<urn:c> <urn:p> _:c14n0 .", '_:c14n1 <urn:q> "x" _:c14n0 .'],
        id="graph",
    ),
    pytest.param(
        with_terms({"p": "urn:p", "same": "urn:p"}, p=["x", "x"], same="x", **{"urn:p": ["x", "y"]}),
        ['<urn:c> <urn:p> "x" .', '<urn:c> <urn:p> "y" .'],
        id="said-twice",
    ),
    pytest.param(
        with_terms({"p": {"@id": "urn:p", "@type": "@vocab"}, "T": "urn:T"}, p=["T", "urn:x"]),
        ["<urn:c> <urn:p> <urn:T> .", "<urn:c> <urn:p> <urn:x> ."],
        id="vocabulary",
    ),
    pytest.param(
        with_terms({"ex": "urn:ex#", "p": {"@id": "ex:p", "@type": "@id"}}, p="ex:a", **{"ex:q": {"id": "ex:b"}}),
        ["<urn:c> <urn:ex#p> <urn:ex#a> .", "<urn:c> <urn:ex#q> <urn:ex#b> ."],
        id="compact",
    ),
    pytest.param(credential(id="_:x", **{"urn:p": {"id": "_:x"}}, type=[]), ["_:c14n0 <urn:p> _:c14n0 ."], id="labels"),
]


@pytest.mark.parametrize(("document", "statements"), WRITTEN)
def test_what_is_written(document, statements):
    written = canonical_nquads(document).split("\n")
    assert [line for line in written if line and "22-rdf-syntax-ns#type" not in line] == sorted(statements)
    assert sorted(written[:-1]) == written[:-1]
    for way in (by_walk, by_quads, by_expansion):
        assert outcome(way, document) in ("\n".join(written), NOT_COMPILED)


class TestTypeScopedContexts:
    """A badge says the same whether its types come in one order or another, and its terms are left where it ends."""

    def badge(self, **achievement):
        return {
            "@context": [VC, OPEN_BADGES],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": "did:x:i", "type": "Profile"},
            "credentialSubject": {
                "type": "AchievementSubject",
                "achievement": {"id": "urn:a", "type": "Achievement", "criteria": {"narrative": "x"}, **achievement},
            },
        }

    def test_both_ways_agree(self):
        document = self.badge(name="A", alignment=[{"type": "Alignment", "targetName": "B", "targetUrl": "urn:b"}])
        assert by_walk(document) == by_quads(document) == by_expansion(document) == canonical_nquads(document)

    @pytest.mark.parametrize("named", ["type", "@type"])
    @pytest.mark.parametrize("datatype", ["http://www.w3.org/2001/XMLSchema#decimal", "urn:datatype", "Achievement"])
    def test_a_data_type_may_go_by_the_name_that_contexts_give_it(self, named, datatype):
        document = self.badge(**{"urn:p": {named: datatype, "@value": "1.50"}})
        assert by_walk(document) == by_quads(document) == by_expansion(document)

    @pytest.mark.parametrize(
        "value",
        [
            {"type": "urn:a", "@type": "urn:a", "@value": "x"},
            {"type": None, "@value": "x"},
            {"type": None, "@type": "urn:a", "@value": "x"},
            {"type": ["urn:a"], "@value": "x"},
            {"type": "nothing", "@value": "x"},
            {"type": "@json", "@value": "x"},
            {"type": "urn:a", "@language": "en", "@value": "x"},
            {"type": "urn:a", "@value": 1},
            {"type": "urn:a", "@value": None},
            {"type": "urn:a", "id": "urn:b", "@value": "x"},
            {"type": "http://www.w3.org/2001/XMLSchema#double", "@value": "1.50"},
        ],
    )
    def test_what_else_a_data_type_by_that_name_says(self, value):
        document = self.badge(**{"urn:p": [value, "y"]})
        general = outcome(by_expansion, document)
        assert outcome(by_walk, document) in (general, NOT_COMPILED)
        assert outcome(lambda document, limits: canonical_nquads(document), document) == general

    def test_a_term_outside_its_type_is_undefined(self):
        document = self.badge(criteria={"narrative": "x", "targetName": "y"})
        for way in (by_walk, by_expansion):
            assert outcome(way, document) == ("DataLossError", "undefined-term")

    def test_repeated_contexts_inside_change_nothing(self):
        plain = self.badge()
        repeated = self.badge()
        repeated["credentialSubject"]["@context"] = [VC, OPEN_BADGES]
        assert canonical_nquads(repeated) == canonical_nquads(plain) == by_expansion(repeated)


def test_look_alike_endorsements_are_told_apart_as_the_reference_does():
    """Two embedded credentials alike but for what they name: related blank nodes are counted as often as they occur."""
    document = {
        "@context": [VC, OPEN_BADGES],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:x:i", "type": "Profile"},
        "credentialSubject": {"type": "AchievementSubject"},
        "endorsement": [
            {
                "type": ["VerifiableCredential", "EndorsementCredential"],
                "issuer": {"id": "did:x:e", "type": "Profile"},
                "credentialSubject": {"type": "EndorsementSubject", "id": "did:x:i"},
                "proof": [{"type": "DataIntegrityProof", "nonce": nonce}],
            }
            for nonce in ("a", "b", "a")
        ],
    }
    assert by_walk(document) == by_quads(document) == by_expansion(document)
    assert by_walk(document).count("#nonce") == 3
