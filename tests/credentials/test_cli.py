"""The command ``mcx``: keys, issue, verify, inspect."""

import dataclasses
import json
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import openmcx
from openmcx.cli import main
from openmcx.cli.issue import _file_name, add_months
from openmcx.credentials.class_list import ClassListRow
from openmcx.credentials.encodings import ENCODINGS
from openmcx.credentials.formats import elm, specification
from openmcx.credentials.keys import key_file, x509
from openmcx.credentials.model import LangText
from openmcx.credentials.proofs import jades
from openmcx.credentials.report import CHECKS
from openmcx.credentials.status import token as token_status
from tests.credentials import pki
from tests.credentials.examples import ACHIEVEMENT, CREDENTIAL, NOW

LIST = "given_name,family_name,email,date_of_birth,grade,awarded_on\n"
ROWS = "Leon,Läärner,leon@mail.example,2001-02-03,4,2026-06-30\nVera,O'Brien,vera@mail.example,,5,\n"


@pytest.fixture
def mcx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENMCX_KEY_PASSPHRASE", raising=False)

    def run(*arguments: str, expect: int = 0, **given: Any) -> Result:
        result = CliRunner().invoke(main, arguments, **given)
        assert result.exit_code == expect, result.output
        return result

    return run


@pytest.fixture
def prepared(mcx: Any, tmp_path: Path) -> Any:
    mcx("keys", "new", "--out", "key.json")
    (tmp_path / "spec.json").write_text(json.dumps(specification.write(ACHIEVEMENT)), "utf-8")
    (tmp_path / "list.csv").write_text(LIST + ROWS, "utf-8")
    return mcx


ISSUE = ("issue", "--spec", "spec.json", "--awards", "list.csv", "--key", "key.json", "--out", "out")


def did_of(path: Path) -> str:
    return key_file.read_key_file(path.read_bytes()).verification_method.partition("#")[0]


def numbered(folder: Path) -> None:
    """Gives the learners of the list the numbers that a wallet asks for."""
    rows = "Leon,Läärner,1001,4\nVera,O'Brien,1002,5\n"
    (folder / "list.csv").write_text("given_name,family_name,learner_number,grade\n" + rows, "utf-8")


class TestForms:
    def test_what_a_wallet_cannot_do_without_is_asked_for_and_nothing_written(
        self, prepared: Any, tmp_path: Path
    ) -> None:
        assert "learner_identification" in prepared(*ISSUE, "--as", "sd-jwt-vc", expect=2).stderr
        assert list((tmp_path / "out").glob("*")) == []

    @pytest.mark.parametrize("kind", ENCODINGS)
    def test_each_form_is_issued_and_verified(self, prepared: Any, tmp_path: Path, kind: str) -> None:
        numbered(tmp_path)
        told = json.loads(prepared(*ISSUE, "--as", kind, "--json").stdout)
        assert told["form"] == kind
        files = [file["file"] for file in told["files"]]
        assert [Path(file).suffix for file in files] == [f".{ENCODINGS[kind].suffix}"] * 2
        key = json.loads((tmp_path / "key.json").read_bytes())
        answer = json.loads(prepared("verify", "--json", *files, expect=3).stdout)
        # All is well but for the issuer, whom nobody here knows.
        assert {file["headline"]["code"] for file in answer["files"]} == {"headline-issuer-unknown"}
        assert {file["issuer"]["id"] for file in answer["files"]} == {key["verificationMethod"].partition("#")[0]}

    def test_what_a_form_cannot_say_is_told_before(self, prepared: Any, tmp_path: Path) -> None:
        numbered(tmp_path)
        told = prepared(*ISSUE, "--as", "sd-jwt-vc").stderr
        assert "What the credentials will not say:" in told
        assert "There is no room for this in a credential for the EUDI Wallet (SD-JWT VC): the assessment." in told
        assert "What the credentials will not say" not in prepared(*ISSUE[:-1], "another").stderr

    def test_a_wallet_gets_the_list_that_it_reads(self, prepared: Any, tmp_path: Path) -> None:
        numbered(tmp_path)
        address = "https://uni.example/status/1"
        prepared(*ISSUE, "--as", "sd-jwt-vc", "--status-list", address)
        listed = (tmp_path / "out" / "status-list.jwt").read_bytes()
        key = key_file.read_key_file((tmp_path / "key.json").read_bytes()).public_key
        found = token_status.verify(listed, address=address, public_key_for=lambda _: key)
        assert (found.address, found.status(7)) == (address, token_status.VALID)


class TestKeys:
    @pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
    @pytest.mark.parametrize("kind", ["open-badge-3", "credential-jwt", "sd-jwt-vc"])
    def test_each_kind_of_key_issues_and_is_verified(
        self, prepared: Any, tmp_path: Path, algorithm: str, kind: str
    ) -> None:
        numbered(tmp_path)
        prepared("keys", "new", "--out", "other.json", "--algorithm", algorithm)
        arguments = [argument.replace("key.json", "other.json") for argument in ISSUE]
        files = [file["file"] for file in json.loads(prepared(*arguments, "--as", kind, "--json").stdout)["files"]]
        answer = json.loads(prepared("verify", "--json", *files, expect=3).stdout)
        assert {file["headline"]["code"] for file in answer["files"]} == {"headline-issuer-unknown"}

    def test_a_key_is_written_once(self, mcx: Any, tmp_path: Path) -> None:
        mcx("keys", "new", "--out", "key.json")
        before = (tmp_path / "key.json").read_bytes()
        assert "never overwritten" in mcx("keys", "new", "--out", "key.json", expect=2).output
        assert (tmp_path / "key.json").read_bytes() == before

    def test_a_key_for_a_web_address_comes_with_its_document(self, mcx: Any, tmp_path: Path) -> None:
        address = "https://uni.example/credentials"
        result = mcx("keys", "new", "--out", "k", "--did-web", address, "--did-document", "did.json", "--json")
        told = json.loads(result.output)
        assert told["did"] == "did:web:uni.example:credentials"
        assert told["publish_at"] == "https://uni.example/credentials/did.json"
        assert json.loads((tmp_path / "did.json").read_bytes())["id"] == told["did"]

    @pytest.mark.parametrize("out", ["taken/key.json", "nowhere/key.json", "x" * 300, "/proc/key.json"])
    def test_a_place_that_cannot_be_written(self, mcx: Any, tmp_path: Path, out: str) -> None:
        (tmp_path / "taken").write_text("a file")
        web = ("--did-web", "https://uni.example")
        assert "cannot be written: " in mcx("keys", "new", "--out", out, expect=2).stderr
        mcx("keys", "new", "--out", out, *web, "--did-document", "did.json", expect=2)
        result = mcx("keys", "new", "--out", "key.json", *web, "--did-document", out, "--json", expect=2)
        assert "cannot be written: " in json.loads(result.stdout)["error"]
        assert [path.name for path in tmp_path.iterdir()] == ["taken"], "a key without its document, or the reverse"

    def test_a_did_document_is_written_once(self, mcx: Any, tmp_path: Path) -> None:
        (tmp_path / "did.json").write_text("{}")
        web = ("--did-web", "https://uni.example", "--did-document", "did.json")
        assert "exists already" in mcx("keys", "new", "--out", "key.json", *web, expect=2).stderr
        assert (tmp_path / "did.json").read_text() == "{}"
        assert not (tmp_path / "key.json").exists()

    def test_a_passphrase_is_asked_for(self, prepared: Any, tmp_path: Path) -> None:
        prepared("keys", "new", "--out", "locked", "--passphrase", input="secret\nsecret\n")
        arguments = tuple("locked" if word == "key.json" else word for word in ISSUE)
        assert "passphrase does not open" in prepared(*arguments, input="wrong\n", expect=2).output
        prepared(*arguments, input="secret\n")

    @pytest.mark.parametrize("address", ["uni.example", "https://uni.example/?x", "https://10.0.0.1/x"])
    def test_a_wrong_address_leaves_no_key(self, mcx: Any, tmp_path: Path, address: str) -> None:
        mcx("keys", "new", "--out", "k", "--did-web", address, expect=2)
        assert not (tmp_path / "k").exists()


class TestIssue:
    @pytest.mark.parametrize("out", ["spec.json/out", "x" * 300, "/proc/out"])
    def test_a_folder_that_cannot_be_written(self, prepared: Any, out: str) -> None:
        arguments = (*ISSUE[:-1], out)
        assert "cannot be written: " in prepared(*arguments, expect=2).stderr
        assert "Nothing was written" in json.loads(prepared(*arguments, "--json", expect=2).stdout)["error"]

    def test_one_file_a_learner_and_all_of_them_verify(self, prepared: Any, tmp_path: Path) -> None:
        result = prepared(*ISSUE)
        assert "2 credentials of “Collaborative robotics”" in result.output
        files = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert files == ["00002-laarner-leon.json", "00003-o-brien-vera.json"]
        paths = [str(tmp_path / "out" / name) for name in files]
        trust = f"{did_of(tmp_path / 'key.json')}=Saimaa University"
        told = json.loads(prepared("verify", *paths, "--trust", trust, "--json").output)
        assert [file["verdict"] for file in told["files"]] == ["verified", "verified"]
        assert {file["headline"]["params"]["issuer"] for file in told["files"]} == {"Saimaa University"}
        learners = [file["credential"]["learner"]["given_name"] for file in told["files"]]
        assert learners == ["Leon", "Vera"]

    def test_the_address_is_not_in_the_credential_unless_wanted(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        assert "leon@mail.example" not in (tmp_path / "out" / "00002-laarner-leon.json").read_text("utf-8")
        prepared(*ISSUE[:-1], "second", "--include-email")
        assert "leon@mail.example" in (tmp_path / "second" / "00002-laarner-leon.json").read_text("utf-8")

    def test_an_elm_specification_serves_as_well(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "spec.json").write_text(json.dumps(elm.write_specification(ACHIEVEMENT)), "utf-8")
        told = json.loads(prepared(*ISSUE, "--json").output)
        assert (told["issued"], told["missing"], told["not_taken_over"]) == (2, [], [])

    def test_faults_in_the_list_are_shown_and_nothing_is_written(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text(LIST + ROWS + "Otto,,otto@mail.example,1999-13-01,,\n", "utf-8")
        output = prepared(*ISSUE, expect=2).output
        assert "row 4, column B (family_name): The family name is missing." in output
        assert "row 4, column D (date_of_birth): This day does not exist." in output
        assert not (tmp_path / "out").exists()
        told = json.loads(prepared(*ISSUE, "--json", expect=2).output)
        assert [fault["row"] for fault in told["faults"]] == [4, 4]

    def test_nothing_is_written_over(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "00003-o-brien-vera.json").write_text("precious")
        assert "exists already" in prepared(*ISSUE, expect=2).output
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["00003-o-brien-vera.json"]
        assert (tmp_path / "out" / "00003-o-brien-vera.json").read_text() == "precious"

    def test_a_fault_while_signing_leaves_nothing_behind(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text(LIST + ROWS, "utf-8")
        spec = {**specification.write(ACHIEVEMENT), "id": "urn:x:%"}
        (tmp_path / "spec.json").write_text(json.dumps(spec), "utf-8")
        result = CliRunner().invoke(main, [*ISSUE, "--valid-until", "2000-01-01"])
        assert result.exit_code == 2
        assert "Nothing was written" in result.output
        assert list((tmp_path / "out").iterdir()) == []

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("spec.json", "{", "not JSON"),
            ("spec.json", "{}", "has no “LearningAchievementSpecification”"),
            ("spec.json", '{"format": "openmcx-specification/1"}', "title is missing"),
            ("spec.json", '{"format": "openmcx-specification/1", "titel": {}}', "Did you mean “title”?"),
            ("spec.json", '{"format": "openmcx-specification/1", "title": {"en": "x"}}', "--issuer"),
            ("list.csv", "", "empty"),
            ("list.csv", LIST, "row"),
            ("key.json", "{}", "format is not"),
        ],
    )
    def test_wrong_input_is_named(self, prepared: Any, tmp_path: Path, name: str, content: str, sentence: str) -> None:
        (tmp_path / name).write_text(content)
        assert sentence in prepared(*ISSUE, expect=2).output
        assert not (tmp_path / "out").exists()

    def test_a_missing_file_is_named(self, prepared: Any) -> None:
        arguments = tuple("nowhere.csv" if word == "list.csv" else word for word in ISSUE)
        assert "“nowhere.csv” cannot be read" in prepared(*arguments, expect=2).output

    def test_two_equal_rows_are_one_fault(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text("given_name,family_name\nJosé,Núñez\nJosé,Núñez\n", "utf-8")
        output = prepared(*ISSUE, expect=2).output
        assert "row 3, column B (family_name): Row 2 says the same." in output
        assert "1 fault in the class list." in output

    def test_what_is_not_taken_over_is_shown_before_signing(self, prepared: Any, tmp_path: Path) -> None:
        document = {**elm.write_specification(ACHIEVEMENT), "colour\n\x1b[2J": "blue"}
        (tmp_path / "spec.json").write_text(json.dumps(document), "utf-8")
        (tmp_path / "list.csv").write_text(LIST, "utf-8")  # so that nothing can be signed
        shown = prepared(*ISSUE, expect=2).stderr
        assert "  /colour \\x1b[2J: “colour \\x1b[2J” was not taken over" in shown
        (tmp_path / "list.csv").write_text(LIST + ROWS, "utf-8")
        (note,) = json.loads(prepared(*ISSUE, "--json").stdout)["not_taken_over"]
        assert (note["code"], note["pointer"]) == ("elm-not-taken-over", "/colour\n\x1b[2J")

    def test_another_issuer_takes_the_place_of_the_one_specified(self, prepared: Any, tmp_path: Path) -> None:
        assert "“Saimaa University”; “Other” takes its place" in prepared(*ISSUE, "--issuer", "Other").stderr
        file = str(tmp_path / "out" / "00002-laarner-leon.json")
        told = json.loads(prepared("verify", file, "--offline", "--json", expect=3).stdout)
        assert list(told["files"][0]["issuer"]["claimed_name"].values()) == ["Other"]
        assert "takes its place" not in prepared(*ISSUE[:-1], "second", "--issuer", "Saimaa University").stderr

    @pytest.mark.parametrize(
        ("given", "family", "name"),
        [
            ("Søren", "Ægir Łukaß Đorđević", "aegir-lukass-dordevic-soren"),
            ("Renée", "Nguyễn", "nguyen-renee"),
            ("Иван", "Йожеф", "йожеф-иван"),
            ("太郎", "山田", "山田-太郎"),
            ("हिन्दी", "x", "x-हिन्दी"),
            ("İnci", "Işık", "isik-inci"),
            ("..", "../../etc\\pass:wd℀", "etc-pass-wda-c"),
            ("x\u202e\0", "y\n", "y-x"),
            ("太" * 80, "", "太" * 60),
            ("’", "-", "learner"),
        ],
    )
    def test_file_names_keep_the_letters_of_names(self, given: str, family: str, name: str) -> None:
        made = _file_name(ClassListRow(number=2, given_name=given, family_name=family), "json")
        assert made == f"00002-{name}.json"
        assert len(made.encode()) < 255

    def test_months_end_with_the_month(self) -> None:
        assert add_months(NOW.replace(month=1, day=31), 1).date().isoformat() == "2026-02-28"
        assert add_months(NOW.replace(month=12, day=5), 25).date().isoformat() == "2029-01-05"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield folder, f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class TestVerify:
    def test_exit_codes(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        file = tmp_path / "out" / "00002-laarner-leon.json"
        did = did_of(tmp_path / "key.json")
        (tmp_path / "changed.json").write_bytes(file.read_bytes().replace(b"Leon", b"Leom"))
        (tmp_path / "other.txt").write_text("hello")
        assert "caution" in prepared("verify", str(file), "--offline", expect=3).output
        assert "Not genuine" in prepared("verify", "changed.json", "--offline", expect=1).output
        # Trusting a DID without a name asks for no name; a wrong name is shown.
        prepared("verify", str(file), "--offline", "--trust", did)
        assert "comes from Mallory" in prepared("verify", str(file), "--trust", f"{did}=Mallory", expect=3).output
        assert "Expired" in prepared("verify", str(file), "--at", "2199-01-01", "--trust", did, expect=1).output
        prepared("verify", "other.txt", expect=2)
        prepared("verify", "nowhere.json", expect=2)
        prepared("verify", expect=2)
        # Of several files the worst decides.
        prepared("verify", "other.txt", str(file), "changed.json", "--offline", expect=1)

    def test_a_file_that_cannot_be_opened_does_not_keep_the_others(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        first, second = (str(path) for path in sorted((tmp_path / "out").iterdir()))
        arguments = ("verify", first, "missing", second, "--offline", "--trust", did_of(tmp_path / "key.json"))
        told = json.loads(prepared(*arguments, "--json", expect=2).stdout)["files"]
        assert [file["verdict"] for file in told] == ["verified", "unreadable", "verified"]
        assert "“missing” cannot be read" in told[1]["error"]
        shown = prepared(*arguments, expect=2).stdout
        assert "missing: unreadable\n  “missing” cannot be read" in shown
        assert told[1]["headline"] == {"code": "headline-not-opened", "params": {}, "sentence": told[1]["error"]}
        assert told[1]["checks"] == []
        assert shown.count("Genuine and valid") == 2

    def test_checks_that_were_not_reached_are_shown(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        file = tmp_path / "out" / "00002-laarner-leon.json"
        (tmp_path / "changed.json").write_bytes(file.read_bytes().replace(b"Leon", b"Leom"))
        for path, expected in ((str(file), 3), ("changed.json", 1)):
            told = json.loads(prepared("verify", path, "--offline", "--json", expect=expected).stdout)["files"][0]
            shown = prepared("verify", path, "--offline", expect=expected).stdout.splitlines()
            signs = {"passed": "✓", "failed": "✗", "not-checkable": "?", "caution": "!"}
            lines = [f"  {signs[check['outcome']]} {check['name']}: {check['sentence']}" for check in told["checks"]]
            assert shown[-len(CHECKS) :] == lines
        assert "  ? status: Not checked, because an earlier check decided already." in shown

    def test_what_the_credential_says_is_shown(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text("given_name,family_name,grade,ects_grade\nLeon,Läärner,4,B\n", "utf-8")
        prepared(*ISSUE)
        shown = prepared("verify", "out/00002-laarner-leon.json", "--offline", expect=3).stdout
        assert "It says: “Collaborative robotics”, awarded to Leon Läärner\n    ECTS credits: 2.5\n" in shown
        assert "    Level: EQF 6" in shown
        assert "    Grade: 4 (1 (sufficient) to 5 (excellent)), ECTS grade B\n" in shown
        assert "    Learning outcome: Programs a collaborative robot\n" in shown

    def test_without_a_name_it_is_awarded_to_nobody(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        text = (tmp_path / "out" / "00002-laarner-leon.json").read_text("utf-8")
        document = json.loads(text.replace("Collaborative robotics", "A\\n  ✓ proof: The signature matches"))
        subject = document["credentialSubject"]
        for member in list(subject):
            if member.endswith(("identifier", "givenName", "familyName", "name")):
                del subject[member]
        (tmp_path / "nameless.json").write_text(json.dumps(document), "utf-8")
        shown = prepared("verify", "nameless.json", "--offline", expect=1).stdout
        assert "It says: “A   ✓ proof: The signature matches”\n" in shown
        assert "awarded to" not in shown
        assert "\n  ✓ proof" not in shown, "a claim began a line of its own"

    def test_a_trusted_issuer_is_verified(self, prepared: Any, tmp_path: Path) -> None:
        """The exit code for scripts: 0 for the issuer that is trusted, with or without its name, 3 for all others."""
        prepared(*ISSUE)
        file, did = str(tmp_path / "out" / "00002-laarner-leon.json"), did_of(tmp_path / "key.json")
        for trust in (did, f"{did}=", f"{did}=Saimaa University", f" {did} = saimaa  university "):
            output = prepared("verify", file, "--offline", "--trust", trust, expect=0).output
            assert "Genuine and valid" in output, trust
        # One of several that are trusted is enough; trust in somebody else is none in this issuer.
        prepared("verify", file, "--offline", "--trust", "did:web:other.example", "--trust", did, expect=0)
        prepared("verify", file, "--offline", "--trust", "did:web:other.example", expect=3)
        # Trust mends nothing: what was changed stays refused.
        changed = tmp_path / "changed.json"
        changed.write_bytes(Path(file).read_bytes().replace(b"Leon", b"Leom"))
        prepared("verify", str(changed), "--offline", "--trust", did, expect=1)

    @pytest.mark.parametrize(
        "trust", ["", "Saimaa University", "=Saimaa", "did:", "did:web", "did:web:a b", "DID:web:x"]
    )
    def test_what_is_no_did_is_not_trusted(self, prepared: Any, trust: str) -> None:
        assert "is no DID" in prepared("verify", "spec.json", "--trust", trust, expect=2).output

    def test_standard_input(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        data = (tmp_path / "out" / "00002-laarner-leon.json").read_bytes()
        assert "caution" in prepared("verify", "-", "--offline", input=data, expect=3).output

    def test_from_static_files_alone(self, prepared: Any, tmp_path: Path, served: tuple[Path, str]) -> None:
        folder, host = served
        (folder / "uni").mkdir()
        did_document = str(folder / "uni" / "did.json")
        prepared("keys", "new", "--out", "web", "--did-web", f"http://{host}/uni", "--did-document", did_document)
        arguments = tuple("web" if word == "key.json" else word for word in ISSUE)
        prepared(*arguments, "--status-list", f"http://{host}/uni/status.json")
        file = str(tmp_path / "out" / "00002-laarner-leon.json")
        # The list of revoked credentials is not published yet.
        assert "could not be found out" in prepared("verify", file, "--allow", host, expect=3).output
        (folder / "uni" / "status.json").write_bytes((tmp_path / "out" / "status-list.json").read_bytes())
        output = prepared("verify", file, "--allow", host).output
        assert "Genuine and valid" in output
        # Without leave nothing local is asked.
        assert "could not be fetched" in prepared("verify", file, expect=1).output


HOSTILE = "A\x1b]0;title\x07\x1b[2J\r\n\u009b31mB\u202eC\x7f"
NEUTRAL = "A\\x1b]0;title\\x07\\x1b[2J  \\x9b31mB\\u202eC\\x7f"


def steers(output: str) -> list[str]:
    """What would steer a terminal; the line breaks are the command's own."""
    return [char for char in output if (unicodedata.category(char) == "Cc" and char != "\n") or char in "\u202e\u2028"]


class TestHostileTexts:
    """Whatever a file holds, it steers no terminal, and one can see that it tried."""

    def test_in_a_specification(self, prepared: Any, tmp_path: Path) -> None:
        (tmp_path / "hostile.json").write_text(
            json.dumps(specification.write(dataclasses.replace(ACHIEVEMENT, title=LangText({"en": HOSTILE})))), "utf-8"
        )
        shown = prepared("inspect", "hostile.json").output
        assert f"  title: {NEUTRAL}\n" in shown
        assert steers(shown) == []
        told = prepared("inspect", "hostile.json", "--json").output
        assert json.loads(told)["content"]["title"] == HOSTILE
        assert steers(told) == []
        arguments = tuple("hostile.json" if word == "spec.json" else word for word in ISSUE)
        result = prepared(*arguments)
        assert f"“{NEUTRAL}” written to out\n" in result.stdout
        shown = prepared("verify", "out/00002-laarner-leon.json", "--offline", expect=3).output
        assert f"It says: “{NEUTRAL}”" in shown
        assert steers(shown + result.output) == []

    def test_in_names_of_members_and_faults(self, prepared: Any, tmp_path: Path) -> None:
        written = specification.write(ACHIEVEMENT)
        (tmp_path / "fault.json").write_text(json.dumps({**written, HOSTILE: 1, "\n  ✓ proof": HOSTILE}), "utf-8")
        (tmp_path / "any.json").write_text(json.dumps({HOSTILE: HOSTILE}), "utf-8")
        (tmp_path / "list.csv").write_text(f"given_name,family_name,{HOSTILE[:5]}\nLeon\x1b[2J,L\u009bA,\n", "utf-8")
        outputs = [
            prepared("inspect", "any.json").output,
            prepared("inspect", "any.json", "--json").output,
            prepared("inspect", "fault.json", expect=2).output,
            prepared("issue", "--spec", "fault.json", *ISSUE[3:], expect=2).output,
            prepared("verify", "any.json", "fault.json", HOSTILE, "--offline", expect=2).output,
            CliRunner().invoke(main, ISSUE).output,
        ]
        for output in outputs:
            assert steers(output) == []
            assert "\n  ✓ proof" not in output

    def test_in_the_name_of_a_file(self, prepared: Any) -> None:
        for name in (HOSTILE, "caf\udce9"):  # the latter is no UTF-8
            shown = prepared("verify", name, expect=2).output
            assert shown.count("cannot be read") == 1
            assert steers(shown) == []
            assert (
                "cannot be read" in json.loads(prepared("verify", name, "--json", expect=2).output)["files"][0]["error"]
            )
            assert "cannot be read" in prepared("inspect", name, expect=2).output


class TestInspect:
    def test_what_is_in_each_kind_of_file(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE, "--status-list", "https://uni.example/status.json")
        credential = prepared("inspect", "out/00002-laarner-leon.json").output
        assert "This is an Open Badges 3.0 credential. It was not verified." in credential
        assert "learner: Leon Läärner" in credential
        listed = json.loads(prepared("inspect", "out/status-list.json", "--json").output)
        assert (listed["content"]["entries"], listed["content"]["set"]) == (131072, 0)
        assert "a specification in our JSON" in prepared("inspect", "spec.json").output
        (tmp_path / "elm.json").write_text(json.dumps(elm.write_specification(ACHIEVEMENT)), "utf-8")
        assert "European Learning Model" in prepared("inspect", "elm.json").output
        (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
        assert "a PDF file" in prepared("inspect", "x.pdf").output
        prepared("inspect", "list.csv", expect=2)

    def test_a_key_files_secret_is_not_shown(self, prepared: Any, tmp_path: Path) -> None:
        secret = json.loads((tmp_path / "key.json").read_bytes())["secretKeyMultibase"]
        for more in ((), ("--json",)):
            assert secret not in prepared("inspect", "key.json", *more).output


def _commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, *path, name)
        else:
            yield (*path, name), command


class TestJson:
    def test_every_command_that_ends_by_itself_answers_in_json(self) -> None:
        without = {
            path for path, command in _commands(main) if not any("--json" in option.opts for option in command.params)
        }
        # What JOSE and COSE are asked for by test suites is answered in a file, which is JSON as they want it.
        answers_in_a_file = {("jose", "issue"), ("jose", "verify")}
        assert without == {("serve",), ("worker",), ("demo",), ("manage",)} | answers_in_a_file

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("verify", "--json", "--nope", "x"), "No such option"),
            (("verify", "--json"), "Missing argument"),
            (("issue", "--json"), "Missing option '--spec'"),
            (("verify", "x", "--json", "--trust", "x"), "is no DID"),
            (("verify", "x", "--json", "--at", "soon"), "is no date"),
            (("keys", "new", "--json"), "Missing option '--out'"),
            (("inspect", "nowhere", "--json"), "cannot be read"),
            (("nope", "--json"), "No such command"),
        ],
    )
    def test_a_wrong_call_is_answered_in_json(self, mcx: Any, arguments: tuple[str, ...], sentence: str) -> None:
        assert sentence in json.loads(mcx(*arguments, expect=2).stdout)["error"]

    def test_a_file_of_that_name_is_no_option(self, mcx: Any) -> None:
        assert mcx("inspect", "--nope", "--", "--json", expect=2).stdout == ""

    def test_secrets_and_refusals_of_a_node_come_as_json(self, mcx: Any) -> None:
        assert set(json.loads(mcx("new-secret", "--json").stdout)) == {"OPENMCX_SECRET_KEY", "OPENMCX_MASTER_KEY"}
        assert "--institution" in json.loads(mcx("begin", "--json", expect=2).stdout)["error"]


class TestStart:
    def test_the_core_commands_start_no_web_framework(self, prepared: Any, tmp_path: Path) -> None:
        prepared(*ISSUE)
        code = (
            "import sys\nfrom openmcx.cli import main\n"
            "try:\n    main(['verify', 'out/00002-laarner-leon.json'])\n"
            "except SystemExit as end:\n    assert end.code == 3, end.code\n"
            "assert 'openmcx.credentials' in sys.modules\n"
            "loaded = {name.partition('.')[0] for name in sys.modules}\n"
            "assert not loaded & {'django', 'granian', 'ninja', 'pydantic_settings'}, loaded\n"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_the_version_is_looked_up_when_it_is_asked_for(self, mcx: Any) -> None:
        code = "import sys, openmcx\nassert 'importlib.metadata' not in sys.modules\nprint(openmcx.__version__)"
        done = subprocess.run(
            [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert mcx("--version").output == f"mcx, version {done.stdout}"
        with pytest.raises(AttributeError):
            _ = openmcx.nothing

    def test_help_names_every_command(self, mcx: Any) -> None:
        output = mcx("--help").output
        for command in ("keys", "issue", "verify", "inspect", "serve", "migrate", "demo"):
            assert f"\n  {command} " in output


def test_trusted_certificates_say_whose_a_seal_is(mcx: Any, tmp_path: Path) -> None:
    award = dataclasses.replace(CREDENTIAL, status=())
    document = elm.write_credential(award, issued=pki.SEALED_AT, sealer=pki.SEALER)
    seal = jades.sign(json.dumps(document), signer=pki.SEAL_SIGNER, chain=pki.CHAIN, sealed_at=pki.SEALED_AT)
    (tmp_path / "sealed.json").write_text(json.dumps(seal))
    (tmp_path / "trusted.pem").write_bytes(x509.write_pem([pki.ROOT]))
    ask = ("verify", "sealed.json", "--offline", "--at", "2026-08-01")
    assert "nobody who is trusted here vouches" in mcx(*ask, expect=3).output
    assert "sealed by Saimaa University" in mcx(*ask, "--certificates", "trusted.pem", expect=3).output
    assert "sealed.json" in mcx(*ask, "--certificates", "sealed.json", expect=2).stderr
    assert "cannot be read" in mcx(*ask, "--certificates", "nowhere.pem", expect=2).stderr
