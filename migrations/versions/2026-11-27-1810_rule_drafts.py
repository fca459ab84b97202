"""Drafts of earning rules."""

import sqlalchemy as sa
from alembic import op

revision = "0035_rule_drafts"
down_revision = "0061_core_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table('rule_set_draft',
    sa.Column('id', key, nullable=False),
    sa.Column('toml', sa.Text(), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('report_sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('author_id', key, nullable=False),
    sa.Column('author_name', sa.String(length=60), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', key, nullable=True),
    sa.Column('decided_by_name', sa.String(length=60), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name=op.f('ck_rule_set_draft_decided')),
    sa.CheckConstraint("state <> 'published' OR decided_by <> author_id", name=op.f('ck_rule_set_draft_four_eyes')),
    sa.CheckConstraint("state IN ('proposed', 'published', 'withdrawn')", name=op.f('ck_rule_set_draft_known_state')),
    sa.ForeignKeyConstraint(['author_id'], ['identity_user.id'], name=op.f('fk_rule_set_draft_author_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_rule_set_draft_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_set_draft'))
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table('rule_set_draft')
