"""A forked process, as a server makes its workers, still checks passwords."""

import multiprocessing

from portal.identity import passwords


def _check(answer) -> None:
    answer.put(passwords.matches(None, "anything"))


def test_a_forked_process_checks_passwords_although_its_parent_did_before():
    assert not passwords.matches(None, "anything")
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    child = context.Process(target=_check, args=(answer,))
    child.start()
    try:
        assert answer.get(timeout=20) is False
    finally:
        child.kill()
