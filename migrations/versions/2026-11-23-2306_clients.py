"""The first tables of clients."""

import sqlalchemy as sa
from alembic import op

revision = "0007_clients"
down_revision = "0006_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('client',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_no', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('client_type', sa.String(length=1), nullable=False),
    sa.Column('branch_no', sa.String(length=8), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=1), nullable=False),
    sa.Column('risk_level', sa.String(length=2), nullable=True),
    sa.Column('risk_valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client')),
    sa.UniqueConstraint('client_no', name=op.f('uq_client_client_no'))
    )
    op.create_table('client_fact',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_fact_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_fact')),
    sa.UniqueConstraint('client_id', 'key', name=op.f('uq_client_fact_client_id_key'))
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table('client_fact')
    op.drop_table('client')
