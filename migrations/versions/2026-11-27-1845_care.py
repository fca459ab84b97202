"""Announcements on their way to every client, and greetings by consent."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0060_care"
down_revision = "0060_reach"
branch_labels = None
depends_on = None

GUARDED = ("library_care",)


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('library_care_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_library_care_day'))
    )
    op.create_table('library_care',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('occasion', sa.String(length=16), nullable=False),
    sa.Column('mark', sa.String(length=16), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_library_care_client_id')),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_care_piece_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_care')),
    sa.UniqueConstraint('client_id', 'month', name=op.f('uq_library_care_client_id_month')),
    sa.UniqueConstraint('client_id', 'occasion', 'mark', name=op.f('uq_library_care_client_id_occasion_mark')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_library_care_sent_at'), 'library_care', ['sent_at'], unique=False)
    op.create_table('library_telling',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('told_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_telling_piece_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_telling')),
    sa.UniqueConstraint('piece_id', 'edition', name=op.f('uq_library_telling_piece_id_edition'))
    )
    op.create_index(op.f('ix_library_telling_is_done'), 'library_telling', ['is_done'], unique=False)
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_library_telling_is_done'), table_name='library_telling')
    op.drop_table('library_telling')
    op.drop_index(op.f('ix_library_care_sent_at'), table_name='library_care')
    op.drop_table('library_care')
    op.drop_table('library_care_day')
    for table in GUARDED:
        drop_guard(op, table)
