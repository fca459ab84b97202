"""The first tables of calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0002_calendar"
down_revision = "0001_kit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('calendar_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_trading', sa.Boolean(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.CheckConstraint('is_workday OR NOT is_trading', name=op.f('ck_calendar_day_trading_is_work')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_day'))
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table('calendar_day')
