"""The wire under TLS: whom it trusts, how long a handshake may take, and that a cancel still wakes."""

from __future__ import annotations

import datetime
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.llm_gateway import AllProvidersFailed, Cancelled, GatewayConfig, LLMGateway, ProviderConfig, ProviderType
from services.llm_gateway.redact import Secret
from services.llm_gateway.transport import tls_context
from tests.gateway.gateways import CALM, QUICK, ask, gateway
from tests.llm_server import DEFAULT_TEXT, LLMServer


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost and its key, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[LLMServer]:
    """The test server behind that certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with LLMServer(tls=context) as running:
        yield running


@pytest.fixture(autouse=True)
def _read_certificates_anew() -> Iterator[None]:
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment trust it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("way", ["whole", "stream"])
def test_answers_are_heard_over_tls_on_one_connection(secure: LLMServer, way: str) -> None:
    made = gateway(secure, {"anthropic": ""}, limits=CALM)

    assert [ask(made, way) for _ in range(3)] == [DEFAULT_TEXT] * 3
    assert len({received.connection for received in secure.of("anthropic")}) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_key_is_sent(secure: LLMServer) -> None:
    with pytest.raises(AllProvidersFailed, match="certificate not trusted: self-signed certificate; SSL_CERT_FILE"):
        ask(gateway(secure, {"openai": ""}, limits=CALM), "whole")

    assert secure.received == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("fault", ["stall", "loop", "hang"])
def test_a_cancel_wakes_the_reader_and_closes_the_connection(secure: LLMServer, fault: str) -> None:
    stream = gateway(secure, {"openai": fault}, limits=CALM).stream("hola")
    cancelled_at: list[float] = []

    def cancel() -> None:
        assert secure.wait_for(lambda: secure.of("openai"))
        time.sleep(0.05)
        cancelled_at.append(time.monotonic())
        stream.cancel()

    threading.Thread(target=cancel).start()
    with pytest.raises(Cancelled):
        list(stream)

    assert time.monotonic() - cancelled_at[0] < 0.2
    assert secure.wait_for(lambda: secure.of("openai")[0].closed_at)
    assert secure.of("openai")[0].closed_at - cancelled_at[0] < 0.2


def test_a_server_that_is_not_there_is_told_by_the_systems_word() -> None:
    entry = ProviderConfig(ProviderType.OPENAI, "m", "http://127.0.0.1:9/v1", Secret("sk-none"))

    with pytest.raises(AllProvidersFailed, match="Connection refused"):
        LLMGateway(GatewayConfig((entry,), limits=QUICK)).complete("hola")


def test_a_handshake_that_does_not_come_about_costs_the_connect_limit(server: LLMServer) -> None:
    """A plain server waits for a request and the client for a handshake: nobody speaks."""
    entry = ProviderConfig(
        ProviderType.OPENAI, "m", f"https://127.0.0.1:{server.port}/as/openai/fault/hang/v1", Secret("sk-none")
    )
    made = LLMGateway(GatewayConfig((entry,), limits=QUICK))
    began = time.monotonic()

    with pytest.raises(AllProvidersFailed) as raised:
        made.complete("hola")

    assert raised.value.attempts[0].outcome in {"timeout", "transient"}
    assert time.monotonic() - began < QUICK.connect_s * 2 + 0.5
