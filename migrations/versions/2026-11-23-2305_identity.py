"""The first tables of identity."""

import sqlalchemy as sa
from alembic import op

revision = "0006_identity"
down_revision = "0005_sms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('identity_limit',
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_identity_limit'))
    )
    op.create_table('identity_user',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('roles', sa.Text(), nullable=False),
    sa.Column('personal', sa.Text(), nullable=False),
    sa.Column('user_name', sa.String(length=64), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'client') = (client_id IS NOT NULL)", name=op.f('ck_identity_user_client_has_record')),
    sa.CheckConstraint("kind IN ('client', 'staff')", name=op.f('ck_identity_user_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_user')),
    sa.UniqueConstraint('client_id', name=op.f('uq_identity_user_client_id')),
    sa.UniqueConstraint('user_name', name=op.f('uq_identity_user_user_name'))
    )
    op.create_table('identity_challenge',
    sa.Column('id_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('lapses_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_identity_challenge_user_id')),
    sa.PrimaryKeyConstraint('id_hash', name=op.f('pk_identity_challenge'))
    )
    op.create_index(op.f('ix_identity_challenge_user_id'), 'identity_challenge', ['user_id'], unique=False)
    op.create_table('identity_device',
    sa.Column('id_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_identity_device_user_id')),
    sa.PrimaryKeyConstraint('id_hash', 'user_id', name=op.f('pk_identity_device'))
    )
    op.create_table('identity_session',
    sa.Column('id_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('aal', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('device_hash', sa.String(length=64), nullable=True),
    sa.Column('network', sa.String(length=64), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_identity_session_user_id')),
    sa.PrimaryKeyConstraint('id_hash', name=op.f('pk_identity_session'))
    )
    op.create_index(op.f('ix_identity_session_user_id'), 'identity_session', ['user_id'], unique=False)
    op.create_table('identity_totp',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seed', sa.String(length=200), nullable=False),
    sa.Column('last_counter', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_identity_totp_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_identity_totp'))
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table('identity_totp')
    op.drop_index(op.f('ix_identity_session_user_id'), table_name='identity_session')
    op.drop_table('identity_session')
    op.drop_table('identity_device')
    op.drop_index(op.f('ix_identity_challenge_user_id'), table_name='identity_challenge')
    op.drop_table('identity_challenge')
    op.drop_table('identity_user')
    op.drop_table('identity_limit')
