"""The branches that can be visited and who works there."""

from sqlalchemy.orm import Session

from portal.bookings.models import Branch, Clerk


def open_branch(
    db: Session, *, code: str, name: str, name_en: str, address: str, address_en: str, capacity: int
) -> Branch:
    """Enter a branch that can be visited."""
    branch = Branch(
        code=code, name=name, name_en=name_en, address=address, address_en=address_en, capacity=capacity, is_open=True
    )
    db.add(branch)
    db.flush()
    return branch


def place_clerk(db: Session, *, branch_id: int, user_id: int, name: str, handles: bool, sells: bool) -> Clerk:
    """Enter who works at a branch; only who handles is given bookings, and who sells never witnesses."""
    clerk = Clerk(branch_id=branch_id, user_id=user_id, name=name, is_present=True, sells=sells, handles=handles)
    db.add(clerk)
    db.flush()
    return clerk
