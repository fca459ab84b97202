"""Files that visitors send."""

import sqlalchemy as sa
from alembic import op

revision = "0040_uploads"
down_revision = "0030_over_level"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the table."""
    op.create_table('upload',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attached_to', sa.String(length=60), nullable=True),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('jpeg', 'pdf')", name=op.f('ck_upload_kind')),
    sa.CheckConstraint('(attached_to IS NULL) = (attached_at IS NULL)', name=op.f('ck_upload_attached')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload')),
    sa.UniqueConstraint('token', name=op.f('uq_upload_token'))
    )
    op.create_index(op.f('ix_upload_attached_to'), 'upload', ['attached_to'], unique=False)
    op.create_index(op.f('ix_upload_owner_sent_at'), 'upload', ['owner', 'sent_at'], unique=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f('ix_upload_owner_sent_at'), table_name='upload')
    op.drop_index(op.f('ix_upload_attached_to'), table_name='upload')
    op.drop_table('upload')
