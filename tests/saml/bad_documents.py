"""Documents that are no response, and responses whose signatures do not hold."""

from __future__ import annotations

from dataclasses import replace

from tests.saml.battery import REFUSED, UNREADABLE, bad
from tests.saml.idp import Idp, Login, assertion, find, good, idp, response, sign, signed_response, xml


@bad(UNREADABLE)
def no_xml(login: Login, idp: Idp) -> bytes:
    return b"sorry, try again later"


@bad(UNREADABLE)
def another_document(login: Login, idp: Idp) -> bytes:
    """A signed assertion without a response around it."""
    return xml(sign(assertion(login), idp))


@bad(UNREADABLE)
def doctype(login: Login, idp: Idp) -> bytes:
    return b"<!DOCTYPE Response>" + good(login, idp)


@bad(UNREADABLE)
def entities_that_multiply(login: Login, idp: Idp) -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE r [<!ENTITY e0 "boom">{levels}]>'.encode()
    return declared + good(login, idp).replace(b">Ana Diaz<", b">&e9;<")


@bad(UNREADABLE)
def entity_that_reads_a_file(login: Login, idp: Idp) -> bytes:
    declared = b'<!DOCTYPE r [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    return declared + good(login, idp).replace(b">Ana Diaz<", b">&file;<")


@bad(UNREADABLE)
def fifty_megabytes(login: Login, idp: Idp) -> bytes:
    return good(login, idp).replace(b">Ana Diaz<", b">" + b"a" * 50_000_000 + b"<")


@bad(UNREADABLE)
def nested_deeply(login: Login, idp: Idp) -> bytes:
    return good(login, idp).replace(b">Ana Diaz<", b">" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"<")


@bad(REFUSED)
def unsigned(login: Login, idp: Idp) -> bytes:
    return xml(response(login, assertion(login)))


@bad(REFUSED)
def only_the_assertion_signed(login: Login, idp: Idp) -> bytes:
    return xml(response(login, sign(assertion(login), idp)))


@bad(REFUSED)
def signed_by_another(login: Login, idp: Idp) -> bytes:
    """With the other's certificate inside, which proves nothing."""
    return good(login, _other())


@bad(REFUSED)
def signed_by_another_under_the_right_certificate(login: Login, idp: Idp) -> bytes:
    return good(login, replace(_other(), certificate=idp.certificate))


@bad(REFUSED)
def signed_with_sha1(login: Login, idp: Idp) -> bytes:
    return xml(sign(response(login, assertion(login)), idp, algorithm="rsa-sha1", digest="sha1"))


@bad(REFUSED)
def digested_with_sha1(login: Login, idp: Idp) -> bytes:
    return xml(sign(response(login, assertion(login)), idp, digest="sha1"))


@bad(REFUSED)
def signature_taken_off_and_its_element_left(login: Login, idp: Idp) -> bytes:
    root = signed_response(login, idp, assertion(login))
    find(root, "ds:Signature/ds:SignatureValue").text = ""
    return xml(root)


@bad(REFUSED)
def name_id_changed(login: Login, idp: Idp) -> bytes:
    return good(login, idp).replace(login.name_id.encode() + b"</saml:NameID>", b"root@acme.example</saml:NameID>")


@bad(REFUSED)
def role_changed(login: Login, idp: Idp) -> bytes:
    return good(login, idp).replace(b">agent,supervisor<", b">admin<")


@bad(REFUSED)
def comment_in_name_id(login: Login, idp: Idp) -> bytes:
    """Canonical XML has no comments, so the signature holds; a careless reader stops at the comment."""
    longer = replace(login, name_id=f"{login.name_id}.evil.example")
    text = login.name_id.encode()
    return good(longer, idp).replace(text + b".evil", text + b"<!-- -->.evil")


def _other() -> Idp:
    return idp("idp.other.example")
