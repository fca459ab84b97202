"""Pages of the door: sign in, second factor, activation, signing out."""

from typing import Any

import pyotp
import segno
from litestar import Response
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.doors import CLIENT, PUBLIC, SIGNED_IN, Db, Now, Page, PageMaker, Sent, SignedIn, get, is_ours, post
from portal.identity import credentials, queries, recovery
from portal.identity.actions import (
    Attempt,
    Entry,
    Seat,
    activate,
    answer,
    confirm_second_factor,
    prepare_second_factor,
    sign_in,
    sign_out,
)
from portal.identity.forms import (
    WORDS,
    WRONG_ACTIVATION,
    WRONG_CODE,
    WRONG_OLD,
    WRONG_RECOVERY,
    ActivationForm,
    AnyCodeForm,
    CodeForm,
    PasswordForm,
    SignInForm,
)
from portal.identity.preferences import prefer
from portal.identity.queries import Visitor
from portal.identity.rules import ATTEMPT_LASTS, Refusal, normal_code
from portal.kit.db import Database
from portal.kit.forms import Form
from portal.kit.i18n import say
from portal.kit.vault import Vault

SESSION_COOKIE = 12 * 3600


@get("/signin", name="identity.sign_in", guard=PUBLIC)
def show_sign_in(page: Page) -> Response[str]:
    """Ask for user name and password."""
    return page.show("identity/sign_in.html", form=SignInForm(), next=page.query.get("next", ""))


@post("/signin", name="identity.sign_in_now", guard=PUBLIC)
def sign_in_now(database: Database, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Check them; lead on to the second factor where there is one."""
    form = sent.bind(SignInForm)
    if not form.ok:
        return page.again("identity/sign_in.html", form=form, next=form.typed["next"])
    outcome = sign_in(database, user_name=form.user_name, password=form.password, seat=seat, now=now)
    if isinstance(outcome, Refusal):
        form.wrong("password" if outcome is Refusal.WRONG else "user_name", WORDS[outcome])
        return page.again("identity/sign_in.html", form=form, next=form.next)
    return _go_on(page, outcome, form.next)


@get("/signin/code", name="identity.answer", guard=PUBLIC)
def show_answer(page: Page) -> Response[Any]:
    """Ask for the one-time code of a sign-in under way."""
    if not page.cookie("attempt"):
        return page.go("identity.sign_in")
    return page.show("identity/code.html", form=CodeForm(), next=page.query.get("next", ""))


@post("/signin/code", name="identity.answer_now", guard=PUBLIC)
def answer_now(db: Db, vault: Vault, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Check the code and open the door."""
    form = sent.bind(CodeForm)
    if not form.ok:
        return page.again("identity/code.html", form=form, next=form.typed["next"])
    outcome = answer(db, vault, attempt=page.cookie("attempt"), code=form.digits, seat=seat, now=now)
    if outcome is Refusal.LAPSED:
        return _start_again(page, form.next)
    if isinstance(outcome, Refusal):
        form.wrong("code", _words_of_code(outcome))
        return page.again("identity/code.html", form=form, next=form.next)
    page.forget("attempt")
    return _come_in(page, outcome, form.next)


@get("/signin/recovery", name="identity.recover", guard=PUBLIC)
def show_recover(page: Page) -> Response[Any]:
    """Ask for a recovery code in the place of the one-time code."""
    if not page.cookie("attempt"):
        return page.go("identity.sign_in")
    return page.show("identity/recovery.html", form=AnyCodeForm(), next=page.query.get("next", ""))


@post("/signin/recovery", name="identity.recover_now", guard=PUBLIC)
def recover_now(db: Db, vault: Vault, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Check a recovery code and open the door."""
    form = sent.bind(AnyCodeForm)
    if not form.ok:
        return page.again("identity/recovery.html", form=form, next=form.typed["next"])
    outcome = answer(db, vault, attempt=page.cookie("attempt"), code=form.plain, seat=seat, now=now)
    if outcome is Refusal.LAPSED:
        return _start_again(page, form.next)
    if isinstance(outcome, Refusal):
        form.wrong("code", WORDS[outcome] if outcome is Refusal.TOO_MANY else WRONG_RECOVERY)
        return page.again("identity/recovery.html", form=form, next=form.next)
    page.forget("attempt")
    return _come_in(page, outcome, form.next)


@get("/activate", name="identity.activate", guard=PUBLIC)
def show_activate(page: Page) -> Response[str]:
    """Ask for an activation code, and the user name and password to be."""
    return page.show("identity/activate.html", form=ActivationForm())


@post("/activate", name="identity.activate_now", guard=PUBLIC)
def activate_now(database: Database, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Set user name and password; the code is spent only when all is well."""
    form = sent.bind(ActivationForm)
    if not form.ok:
        return page.again("identity/activate.html", form=form)
    outcome = activate(
        database, code=normal_code(form.code), user_name=form.user_name, password=form.password,
        seat=seat, now=now,
    )  # fmt: skip
    if isinstance(outcome, Refusal):
        _say_at_field(form, outcome)
        return page.again("identity/activate.html", form=form)
    return _go_on(page, outcome, "")


@post("/signout", name="identity.sign_out", guard=SIGNED_IN)
def sign_out_now(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """End the session; the browser forgets what it kept of us."""
    sign_out(db, client, now)
    page.forget("session")
    answer = page.go("identity.sign_in")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@post("/me/amounts", name="identity.amounts", guard=CLIENT)
def amounts(db: Db, client: SignedIn, page: Page, sent: Sent) -> Response[Any]:
    """Hide all amounts, or show them again; kept until the client chooses otherwise."""
    prefer(db, client.user_id, hides_amounts=sent.typed.get("hide") == "1")
    return page.back()


@get("/me", name="identity.me", guard=SIGNED_IN)
def me(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show how this person signs in, and where he is signed in."""
    return page.show(
        "identity/me.html", sessions=queries.sessions_of(db, client, now), devices=queries.devices_of(db, client),
        codes=queries.codes_left(db, client.user_id), recovery=queries.recovery_of(db, client.user_id),
    )  # fmt: skip


@get("/me/password", name="identity.password", guard=SIGNED_IN)
def show_password(page: Page) -> Response[str]:
    """Ask for the password of now and the one to be."""
    return page.show("identity/password.html", form=PasswordForm())


@post("/me/password", name="identity.change_password", guard=SIGNED_IN)
def change_password_now(
    database: Database, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now
) -> Response[Any]:
    """Change the password; every other session ends."""
    form = sent.bind(PasswordForm)
    if not form.ok:
        return page.again("identity/password.html", form=form)
    outcome = credentials.change_password(
        database, client, old=form.old, new=form.password, seat=seat, now=now
    )  # fmt: skip
    if outcome is None:
        return page.go("identity.me")
    field, refusal = outcome
    form.wrong(field, WRONG_OLD if refusal is Refusal.WRONG else WORDS[refusal])
    return page.again("identity/password.html", form=form)


@get("/me/second-factor/off", name="identity.second_factor_off", guard=CLIENT)
def show_turn_off(client: SignedIn, page: Page) -> Response[Any]:
    """Ask for a code before the second factor is turned off."""
    if not client.has_second_factor:
        return page.go("identity.me")
    return page.show("identity/second_factor_off.html", form=AnyCodeForm())


@post("/me/second-factor/off", name="identity.turn_off_second_factor", guard=CLIENT)
def turn_off_now(db: Db, vault: Vault, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Turn the second factor off with one of its codes."""
    form = sent.bind(AnyCodeForm)
    if form.ok:
        refusal = credentials.turn_off_second_factor(db, vault, client, code=form.plain, seat=seat, now=now)
        if refusal is None:
            return page.go("identity.me")
        form.wrong("code", _words_of_code(refusal))
    return page.again("identity/second_factor_off.html", form=form)


@get("/me/second-factor/renewal", name="identity.renewal", guard=SIGNED_IN)
def show_renewal(db: Db, vault: Vault, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Ask for a code of the second factor in force; then show the new one's QR code."""
    if not client.has_second_factor:
        return page.go("identity.second_factor")
    return _renewal(db, vault, client, page, AnyCodeForm(), now, status=200)


@post("/me/second-factor/renewal", name="identity.renew_second_factor", guard=SIGNED_IN)
def renew_now(db: Db, vault: Vault, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Prove the old second factor, then put the new one in its place."""
    form = sent.bind(AnyCodeForm)
    if not client.has_second_factor:
        return page.go("identity.second_factor")
    if not form.ok:
        return _renewal(db, vault, client, page, form, now, status=422)
    waits = credentials.renewal_seed(db, vault, client, now) is not None
    if waits:
        refusal = credentials.finish_renewal(db, vault, client, code=form.plain, now=now)
    else:
        refusal = credentials.begin_renewal(db, vault, client, code=form.plain, seat=seat, now=now)
    if refusal is None:
        return page.go("identity.me" if waits else "identity.renewal")
    form.wrong("code", _words_of_code(refusal))
    return _renewal(db, vault, client, page, form, now, status=422)


@get("/me/recovery-codes", name="identity.recovery_codes", guard=SIGNED_IN)
def show_recovery_codes(client: SignedIn, page: Page) -> Response[Any]:
    """Ask for a one-time code before recovery codes are made."""
    if not client.has_second_factor:
        return page.go("identity.second_factor")
    return page.show("identity/recovery_codes.html", form=AnyCodeForm(), codes=[])


@post("/me/recovery-codes", name="identity.make_recovery_codes", guard=SIGNED_IN)
def make_recovery_codes_now(
    db: Db, vault: Vault, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now
) -> Response[Any]:
    """Make ten recovery codes and show them this once."""
    form = sent.bind(AnyCodeForm)
    if form.ok:
        made = credentials.make_recovery_codes(db, vault, client, code=form.plain, seat=seat, now=now)
        if not isinstance(made, Refusal):
            return page.show("identity/recovery_codes.html", form=AnyCodeForm(), codes=made)
        form.wrong("code", _words_of_code(made))
    return page.again("identity/recovery_codes.html", form=form, codes=[])


@post("/me/sessions/{key:str}/end", name="identity.end_session", guard=SIGNED_IN)
def end_session_now(db: Db, client: SignedIn, page: Page, key: FromPath[str], now: Now) -> Response[Any]:
    """End one of one's own sessions."""
    if len(key) != queries.KEY or not credentials.end_session(db, client, key, now):
        raise page.missing()
    return page.go("identity.me")


@post("/me/other-sessions/end", name="identity.end_other_sessions", guard=SIGNED_IN)
def end_other_sessions_now(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """End every session but this one."""
    credentials.end_other_sessions(db, client, now)
    return page.go("identity.me")


@post("/me/devices/{key:str}/removal", name="identity.forget_device", guard=SIGNED_IN)
def forget_device_now(db: Db, client: SignedIn, page: Page, key: FromPath[str], now: Now) -> Response[Any]:
    """Forget a browser that signed in before, and end its sessions."""
    if len(key) != queries.KEY or not credentials.forget_device(db, client, key, now):
        raise page.missing()
    return page.go("identity.me")


@post("/me/recovery/cancellation", name="identity.cancel_recovery", guard=SIGNED_IN)
def cancel_recovery_now(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Call off a recovery that somebody else has asked for in one's name."""
    running = queries.recovery_of(db, client.user_id)
    if running:
        recovery.cancel_recovery(db, running.id, by=client.actor, now=now, user_id=client.user_id)
    return page.go("identity.me")


@get("/me/second-factor", name="identity.second_factor", guard=SIGNED_IN)
def show_second_factor(database: Database, vault: Vault, client: SignedIn, page: Page) -> Response[Any]:
    """Show the QR code of a second factor to be; the seed waits until its first code proves it."""
    if client.has_second_factor:
        return _has_it_already(client, page, page.query.get("next"))
    with database.writing() as db:
        return _second_factor(db, vault, client, page, CodeForm(), page.query.get("next", ""), status=200)


@post("/me/second-factor", name="identity.confirm_second_factor", guard=SIGNED_IN)
def confirm_second_factor_now(
    db: Db, vault: Vault, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now
) -> Response[Any]:
    """Turn the second factor on with its first code."""
    form = sent.bind(CodeForm)
    if client.has_second_factor:
        return _has_it_already(client, page, form.typed["next"] or None)
    if form.ok:
        outcome = confirm_second_factor(db, vault, client, code=form.digits, seat=seat, now=now)
        if isinstance(outcome, Entry):
            return _come_in(page, outcome, form.next or page.house.url("identity.me"))
        form.wrong("code", _words_of_code(outcome))
    return _second_factor(db, vault, client, page, form, form.typed["next"], status=422)


def _has_it_already(client: Visitor, page: PageMaker, target: str | None) -> Response[Any]:
    # Not shown in this session: only a new sign-in asks for its code.
    return page.go("identity.me") if client.aal > 1 else page.go("identity.sign_in", next=target)


def _second_factor(
    db: Session, vault: Vault, client: Visitor, page: PageMaker, form: CodeForm, target: str, *, status: int
) -> Response[str]:
    seed = prepare_second_factor(db, vault, client.user_id)
    return page.show(
        "identity/second_factor.html", status=status, form=form, next=target, qr=_qr(seed, client.user_name),
        seed=" ".join(seed[i : i + 4] for i in range(0, len(seed), 4)),
    )  # fmt: skip


def _renewal(
    db: Session, vault: Vault, client: Visitor, page: PageMaker, form: AnyCodeForm, now: Now, *, status: int
) -> Response[str]:
    seed = credentials.renewal_seed(db, vault, client, now)
    return page.show(
        "identity/renewal.html", status=status, form=form, qr=_qr(seed, client.user_name) if seed else None,
        seed=" ".join(seed[i : i + 4] for i in range(0, len(seed), 4)) if seed else "",
    )  # fmt: skip


def _qr(seed: str, user_name: str) -> Markup:
    uri = pyotp.TOTP(seed).provisioning_uri(name=user_name, issuer_name="青衡证券")
    # Drawn with classes: the policy allows no inline style. The image is ours, nothing typed stands in it unescaped.
    # Its own white ground, so that a camera reads it in the dark too.
    drawn = segno.make(uri, error="m").svg_inline(scale=5, border=4, light="#fff", title=say("二维码"))
    return Markup(drawn)


def _go_on(page: PageMaker, outcome: Entry | Attempt, target: str) -> Response[Any]:
    if isinstance(outcome, Entry):
        return _come_in(page, outcome, target)
    page.keep("attempt", outcome.secret, seconds=int(ATTEMPT_LASTS.total_seconds()))
    return page.go("identity.answer", next=target or None)


def _come_in(page: PageMaker, entry: Entry, target: str) -> Response[Any]:
    page.keep("session", entry.session, seconds=SESSION_COOKIE)
    page.keep("device", entry.device)
    if is_ours(target):
        return page.go_to(target)
    return page.go("desk.index" if entry.kind == "staff" else "home.index")


def _start_again(page: PageMaker, target: str) -> Response[Any]:
    page.forget("attempt")
    form = SignInForm()
    form.wrong("user_name", WORDS[Refusal.LAPSED])
    return page.again("identity/sign_in.html", form=form, next=target)


def _words_of_code(refusal: Refusal) -> str:
    return WRONG_CODE if refusal is Refusal.WRONG else WORDS[refusal]


def _say_at_field(form: Form, refusal: Refusal) -> None:
    if refusal in {Refusal.WRONG, Refusal.TOO_MANY, Refusal.BUSY}:
        form.wrong("code", WRONG_ACTIVATION if refusal is Refusal.WRONG else WORDS[refusal])
    elif refusal is Refusal.NAME_TAKEN:
        form.wrong("user_name", WORDS[refusal])
    else:
        form.wrong("password", WORDS[refusal])


pages = [
    show_sign_in, sign_in_now, show_answer, answer_now, show_activate, activate_now, sign_out_now, me, amounts,
    show_second_factor, confirm_second_factor_now, show_recover, recover_now, show_password, change_password_now,
    show_turn_off, turn_off_now, show_renewal, renew_now, show_recovery_codes, make_recovery_codes_now,
    end_session_now, end_other_sessions_now, forget_device_now, cancel_recovery_now,
]  # fmt: skip
