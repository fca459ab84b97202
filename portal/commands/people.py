"""People: staff, and the cast of the demo."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.progress import TaskID
from rich.table import Table

from portal.commands.data import prepare
from portal.commands.shared import Mistake, json_option, opened, progress, screen, settled, tell, tell_one
from portal.kit import clock
from portal.settings import Settings


@click.group()
def staff() -> None:
    """Enter members of staff."""


@staff.command("add")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, default=("handler",), show_default=True, help="May be given repeatedly."
)
@click.option("--branch", help="The code of a branch: he sees its clients alone.")
@json_option
@settled
def staff_add(read: Settings, name: str, roles: tuple[str, ...], branch: str | None, as_json: bool) -> None:
    """Enter NAME as a member of staff and print the activation code: ten minutes, one use."""
    from portal import identity

    now = clock.now()
    if unknown := sorted({*roles} - {*identity.Role}):
        raise Mistake(f"There is no role {', '.join(unknown)}: one of {', '.join(identity.Role)}.")
    with opened(read) as database, database.writing() as db:
        user = identity.add_staff(db, name=name, roles=list(roles), by="operator", now=now, branch_no=branch)
        code = identity.give_activation(db, user_id=user.id, by="operator", now=now)
        told = {"user": user.id, "name": name, "roles": ", ".join(roles), "activation_code": code}
    tell([told], as_json=True) if as_json else tell_one(told)


@click.group(invoke_without_command=True)
@click.option("--days", type=click.IntRange(1), help="Lay only so many trading days.")
@click.pass_context
def demo(context: click.Context, days: int | None) -> None:
    """Lay the demo brokerage: its cast, a year of trading days, its sign-ins. A second run keeps what is there."""
    if context.invoked_subcommand is None:
        _lay(days)


@settled
def _lay(read: Settings, days: int | None) -> None:
    prepare(read)
    lay_demo(read, days)
    show_sign_ins()


@demo.command("code")
@click.argument("name")
@settled
def demo_code(read: Settings, name: str) -> None:
    """Print the one-time code of the moment of NAME, one of the cast."""
    from portal.demo import code_of, is_laid

    if not is_laid(read.home):
        raise Mistake("No demo is laid here: python -m portal demo lays it.")
    with opened(read) as database:
        code = code_of(database, read.home, name, clock.now())
    if code is None:
        raise Mistake(f"The demo knows no second factor of {name}.")
    click.echo(code)


def lay_demo(read: Settings, days: int | None = None) -> None:
    """Lay the demo unless it lies there, a year or only so many days; somebody else's data are one sentence."""
    from portal.demo import NotADemo, lay

    try:
        with opened(read) as database, _told() as told:
            lay(database, read.home, clock.now(), told, days)
    except NotADemo as others:
        raise Mistake(f"Nothing was laid: {others}. Set another PORTAL_HOME or PORTAL_DATABASE_URL.") from others


def show_sign_ins() -> None:
    """Print who may sign in to the demo, and with what."""
    from portal.demo import FIRM, sign_ins

    table = Table(title=f"{FIRM}: demo", title_justify="left", pad_edge=False)
    for column in ("姓名", "登录名 user name", "密码 password", "验证码 code"):
        table.add_column(column, no_wrap=True)
    for who in sign_ins():
        table.add_row(who.name, who.user_name, who.password, "✓" if who.second_factor else "")
    screen.print(table)
    screen.print("✓ and for turning it on: python -m portal demo code NAME prints the one-time code of the moment.")


@contextmanager
def _told() -> Iterator[Callable[[str, int, int], None]]:
    """Give who hears of each step and shows it as a progress bar."""
    bars: dict[str, TaskID] = {}
    with progress() as shown:

        def told(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done)

        yield told
