"""Suitability: versions of the questionnaire, drafts, assessments, evidence."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0020_suitability"
down_revision = "0015_client_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('assessment_evidence_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_evidence_head'))
    )
    op.create_table('questionnaire_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('approver', sa.String(length=40), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('author <> approver', name=op.f('ck_questionnaire_version_four_eyes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_version')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_questionnaire_version_code_version')),
    sa.UniqueConstraint('sha256', name=op.f('uq_questionnaire_version_sha256')),
    info={'immutable': True}
    )
    only_grows(op, "questionnaire_version")
    op.create_table('questionnaire_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('orders', sa.Text(), nullable=False),
    sa.Column('trail', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open', 'submitted', 'lapsed', 'withdrawn')", name=op.f('ck_questionnaire_draft_state')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_questionnaire_draft_client_id')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_version.id'], name=op.f('fk_questionnaire_draft_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_draft'))
    )
    op.create_index(op.f('ix_questionnaire_draft_client_id_state'), 'questionnaire_draft', ['client_id', 'state'], unique=False)
    op.create_table('questionnaire_withdrawal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('withdrawn_by', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_version.id'], name=op.f('fk_questionnaire_withdrawal_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_withdrawal')),
    sa.UniqueConstraint('version_id', name=op.f('uq_questionnaire_withdrawal_version_id')),
    info={'immutable': True}
    )
    only_grows(op, "questionnaire_withdrawal")
    op.create_table('suitability_block',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_suitability_block_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suitability_block')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_suitability_block_client_id'), 'suitability_block', ['client_id'], unique=False)
    only_grows(op, "suitability_block")
    op.create_table('assessment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('draft_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=2), nullable=False),
    sa.Column('lowest_class', sa.Boolean(), nullable=False),
    sa.Column('horizon_months', sa.Integer(), nullable=True),
    sa.Column('classes', sa.Text(), nullable=True),
    sa.Column('differs', sa.Boolean(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=True),
    sa.Column('assessed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.CheckConstraint("(source = 'portal') = (draft_id IS NOT NULL)", name=op.f('ck_assessment_draft')),
    sa.CheckConstraint("(state = 'effective') = (effective_at IS NOT NULL)", name=op.f('ck_assessment_effective')),
    sa.CheckConstraint("source IN ('portal', 'counter')", name=op.f('ck_assessment_source')),
    sa.CheckConstraint("state IN ('held', 'unconfirmed', 'effective', 'rejected', 'stopped')", name=op.f('ck_assessment_state')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_assessment_client_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_assessment_decided_by')),
    sa.ForeignKeyConstraint(['draft_id'], ['questionnaire_draft.id'], name=op.f('fk_assessment_draft_id')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_version.id'], name=op.f('fk_assessment_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('draft_id', name=op.f('uq_assessment_draft_id')),
    sa.UniqueConstraint('number', name=op.f('uq_assessment_number'))
    )
    op.create_index(op.f('ix_assessment_client_id_assessed_at'), 'assessment', ['client_id', 'assessed_at'], unique=False)
    op.create_index(op.f('ix_assessment_state_assessed_at'), 'assessment', ['state', 'assessed_at'], unique=False)
    op.create_table('assessment_evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_evidence_assessment_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_assessment_evidence_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_evidence')),
    sa.UniqueConstraint('hash', name=op.f('uq_assessment_evidence_hash')),
    sa.UniqueConstraint('prev_hash', name=op.f('uq_assessment_evidence_prev_hash')),
    sa.UniqueConstraint('seq', name=op.f('uq_assessment_evidence_seq')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_assessment_evidence_assessment_id'), 'assessment_evidence', ['assessment_id'], unique=False)
    op.create_index(op.f('ix_assessment_evidence_client_id'), 'assessment_evidence', ['client_id'], unique=False)
    only_grows(op, "assessment_evidence")


def downgrade() -> None:
    """Take them away."""
    op.drop_table('assessment_evidence')
    drop_guard(op, "assessment_evidence")
    op.drop_table('assessment')
    op.drop_table('suitability_block')
    drop_guard(op, "suitability_block")
    op.drop_table('questionnaire_withdrawal')
    drop_guard(op, "questionnaire_withdrawal")
    op.drop_table('questionnaire_draft')
    op.drop_table('questionnaire_version')
    drop_guard(op, "questionnaire_version")
    op.drop_table('assessment_evidence_head')
