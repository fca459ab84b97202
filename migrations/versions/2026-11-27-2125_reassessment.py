"""What has happened since an assessment and asks for a new one."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0080_reassessment"
down_revision = "0072_staffing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the table."""
    op.create_table('reassessment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cause', sa.String(length=60), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_reassessment_assessment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reassessment')),
    sa.UniqueConstraint('assessment_id', 'cause', name=op.f('uq_reassessment_assessment_id_cause')),
    info={'immutable': True}
    )
    only_grows(op, 'reassessment')


def downgrade() -> None:
    """Take it away."""
    op.drop_table('reassessment')
    drop_guard(op, 'reassessment')
