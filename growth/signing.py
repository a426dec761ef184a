"""The office's seal on a PDF: a PAdES signature, made and checked without any network.

The office puts its own certificate as `signing/office.p12` into the data folder (its password in
CADRE_SIGNING_PASSWORD); without one the installation makes a key and a certificate of its own. Whatever has
ever signed here stays in `signing/trusted`, so that old files still verify. SM2 needs an outside signer:
pyHanko knows no SM algorithms.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from core.crypto import decrypt_bytes, encrypt_bytes
from core.errors import DomainError
from core.pdf.stamp import place_mark, stamp

FIELD = "OfficeSeal"
OWN_CONTEXT = "growth:signing-key"
OWN_YEARS = 30


@dataclass(frozen=True, slots=True)
class Seal:
    """What a signature in a PDF says. `intact`: not a byte changed; `trusted`: made by this office."""

    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool

    @property
    def good(self) -> bool:
        return self.intact and self.trusted


def sign(data: bytes, *, reason: str, mark: str = "") -> bytes:
    """The PDF with the office's signature added, and before it the mark of a reader.

    The bytes before both stay as they were, but for files without room for the mark (core.pdf.stamp).
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf
    from pyhanko.sign.fields import SigSeedSubFilter

    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
    )
    writer = IncrementalPdfFileWriter(BytesIO(data))
    if mark and not place_mark(writer, mark):
        writer = IncrementalPdfFileWriter(BytesIO(stamp(data, mark)))
    signed = sign_pdf(writer, about, signer=_signer(_stamp_of_key()))
    return bytes(signed.getbuffer())


def seal_of(data: bytes) -> Seal | None:
    """The signature found in a PDF, checked against the certificates of this office; None without one."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signatures = PdfFileReader(BytesIO(data)).embedded_signatures
    if not signatures:
        return None
    context = ValidationContext(trust_roots=list(_trusted()), allow_fetching=False)
    status = validate_pdf_signature(signatures[0], context)
    whole = status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
    return Seal(
        signer=_name_of(status.signing_cert.subject),
        signed_at=status.signer_reported_dt,
        intact=bool(status.intact and status.valid and whole),
        trusted=bool(status.trusted),
    )


def _name_of(subject: Any) -> str:
    """Who a certificate is for, without the English names of its fields."""
    return str(subject.native.get("common_name") or subject.human_friendly)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "signing"


def _stamp_of_key() -> tuple[str, int]:
    """Which key is in use now: changes when the office puts another file there."""
    path = folder() / "office.p12"
    path = path if path.is_file() else _own_key()
    return str(path), path.stat().st_mtime_ns


@cache
def _signer(stamp: tuple[str, int]) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    path = Path(stamp[0])
    office = path.suffix == ".p12"
    data = path.read_bytes() if office else decrypt_bytes(path.read_bytes(), context=OWN_CONTEXT)
    password = settings.SIGNING_PASSWORD.encode() if office else None
    signer = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password)
    if signer is None:
        message = "签名证书打不开：请核对 signing/office.p12 和 CADRE_SIGNING_PASSWORD。"
        raise DomainError(message, code="signing_key")
    _trust(signer.signing_cert.dump())
    return signer


def _trust(certificate: bytes) -> None:
    """Files signed with this certificate verify for good, even after the office has taken another one."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(certificate)
    target = folder() / "trusted" / f"{digest.finalize().hex()[:32]}.der"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(target, certificate)


def _trusted() -> Iterator[Any]:
    from asn1crypto.x509 import Certificate

    for path in sorted((folder() / "trusted").glob("*.der")):
        yield Certificate.load(path.read_bytes())


def _own_key() -> Path:
    """The installation's own key, made on first use; of two processes the first one's stays."""
    path = folder() / "own.key"
    if not path.exists():
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        _write(draft, encrypt_bytes(_made_key(), context=OWN_CONTEXT))
        try:
            os.link(draft, path)  # unlike a rename it never replaces what is there
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _made_key() -> bytes:
    """A P-256 key and a certificate for it in the office's name, as PKCS #12."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{settings.ZONE_NAME}组织人事部门")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * OWN_YEARS))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"cadre", key, certificate, None, plain)
