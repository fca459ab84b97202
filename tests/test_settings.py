"""Settings: what is read, and the sentence for each bad value."""

from pathlib import Path

import pytest

from portal.settings import BadSetting, read


def test_without_settings_the_portal_serves_the_loopback_address_on_an_embedded_database() -> None:
    given = read({})
    assert (given.port, given.origin, given.smpp_url) == (8000, "http://127.0.0.1:8000", None)
    assert given.home.name == "var"
    assert given.database_url == f"sqlite:///{given.home / 'portal.sqlite'}"
    assert not given.is_secure


def test_each_setting_is_taken() -> None:
    given = read(
        {
            "PORTAL_PORT": "9000",
            "PORTAL_HOME": "/srv/portal",
            "PORTAL_DATABASE_URL": "postgresql://portal@db/portal",
            "PORTAL_ORIGIN": "https://portal.example",
            "PORTAL_SMPP": "smpp://id:secret@gateway:2775",
            "PORTAL_SMTP": "smtp://portal:secret@mail:587/no-reply@portal.example",
            "PATH": "/bin",
        }
    )
    assert (given.port, given.home) == (9000, Path("/srv/portal"))
    assert given.database_url == "postgresql+psycopg://portal@db/portal"
    assert given.smpp_url == "smpp://id:secret@gateway:2775"
    assert given.smtp_url == "smtp://portal:secret@mail:587/no-reply@portal.example"
    assert given.is_secure


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://Portal.Example/", "https://portal.example"),
        ("https://portal.example:443", "https://portal.example"),
        ("https://portal.example:8443", "https://portal.example:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_origin_is_read_as_browsers_write_it(typed: str, origin: str) -> None:
    assert read({"PORTAL_ORIGIN": typed}).origin == origin


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORTAL_PROT", "1", "PORTAL_PROT is not a setting of the portal"),
        ("PORTAL_PORT", "0", "whole number from 1 to 65535"),
        ("PORTAL_PORT", "65536", "whole number from 1 to 65535"),
        ("PORTAL_PORT", "８０００", "whole number from 1 to 65535"),
        ("PORTAL_PORT", "", "whole number from 1 to 65535"),
        ("PORTAL_DATABASE_URL", "mysql://x", "must start with sqlite:/// or postgresql"),
        ("PORTAL_DATABASE_URL", "postgresql://host:port/name", "must start with sqlite:/// or postgresql"),
        ("PORTAL_ORIGIN", "portal.example", "must be an address like https://portal.example"),
        ("PORTAL_ORIGIN", "https://portal.example/path", "must be an address like"),
        ("PORTAL_ORIGIN", "https://user@portal.example", "must be an address like"),
        ("PORTAL_ORIGIN", "https://portal.example:none", "must be an address like"),
        ("PORTAL_ORIGIN", "ftp://portal.example", "must be an address like"),
        ("PORTAL_ORIGIN", "http://portal.example", "clients need https"),
        ("PORTAL_ORIGIN", "http://127.0.0.1.evil.example", "clients need https"),
        ("PORTAL_SMPP", "gateway:2775", "must look like smpp://"),
        ("PORTAL_SMPP", "smpp://id:secret@gateway", "must look like smpp://"),
        ("PORTAL_SMPP", "smpp://id:secret@gateway:many", "must look like smpp://"),
        ("LITESTAR_DEBUG", "1", "take it out of the environment"),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read({name: value})
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)
