"""What follows from cases: improvements, adopted suggestions, surveys."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0051_voice_follows"
down_revision = "0062_email_links"
branch_labels = None
depends_on = None

GUARDED = ('feedback_improvement_case', 'feedback_vote')


def upgrade() -> None:
    """Lay the tables."""
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('feedback_improvement',
    sa.Column('id', key, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('cause', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('told', sa.Text(), nullable=True),
    sa.Column('opened_by', key, nullable=False),
    sa.Column('opened_by_name', sa.String(length=60), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', key, nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'done') = (told IS NOT NULL)", name=op.f('ck_feedback_improvement_told')),
    sa.CheckConstraint("cause IN ('process', 'system', 'staff', 'information', 'product', 'third_party', 'misunderstanding', 'other')", name=op.f('ck_feedback_improvement_cause')),
    sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f('ck_feedback_improvement_state')),
    sa.ForeignKeyConstraint(['ended_by'], ['identity_user.id'], name=op.f('fk_feedback_improvement_ended_by')),
    sa.ForeignKeyConstraint(['opened_by'], ['identity_user.id'], name=op.f('fk_feedback_improvement_opened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_improvement')),
    sa.UniqueConstraint('number', name=op.f('uq_feedback_improvement_number'))
    )
    op.create_index(op.f('ix_feedback_improvement_state_due_on'), 'feedback_improvement', ['state', 'due_on'], unique=False)
    op.create_table('feedback_invitation',
    sa.Column('id', key, nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('survey', sa.String(length=4), nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('open_until', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("survey IN ('csat', 'nps', 'ces')", name=op.f('ck_feedback_invitation_survey')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_feedback_invitation_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_invitation')),
    sa.UniqueConstraint('key', name=op.f('uq_feedback_invitation_key'))
    )
    op.create_index(op.f('ix_feedback_invitation_client_id_invited_at'), 'feedback_invitation', ['client_id', 'invited_at'], unique=False)
    op.create_table('feedback_adoption',
    sa.Column('case_id', key, autoincrement=False, nullable=False),
    sa.Column('grade', sa.String(length=1), nullable=False),
    sa.Column('summary', sa.String(length=200), nullable=False),
    sa.Column('adopted_by', key, nullable=False),
    sa.Column('adopted_by_name', sa.String(length=60), nullable=False),
    sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('awarded_by', key, nullable=True),
    sa.Column('awarded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.CheckConstraint("grade IN ('A', 'B', 'C')", name=op.f('ck_feedback_adoption_grade')),
    sa.CheckConstraint('(awarded_at IS NULL) = (points IS NULL)', name=op.f('ck_feedback_adoption_points')),
    sa.CheckConstraint('(awarded_by IS NULL) = (awarded_at IS NULL)', name=op.f('ck_feedback_adoption_awarded')),
    sa.CheckConstraint('awarded_by <> adopted_by', name=op.f('ck_feedback_adoption_four_eyes')),
    sa.ForeignKeyConstraint(['adopted_by'], ['identity_user.id'], name=op.f('fk_feedback_adoption_adopted_by')),
    sa.ForeignKeyConstraint(['awarded_by'], ['identity_user.id'], name=op.f('fk_feedback_adoption_awarded_by')),
    sa.ForeignKeyConstraint(['case_id'], ['feedback_case.id'], name=op.f('fk_feedback_adoption_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_feedback_adoption'))
    )
    op.create_table('feedback_improvement_case',
    sa.Column('improvement_id', key, autoincrement=False, nullable=False),
    sa.Column('case_id', key, autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['feedback_case.id'], name=op.f('fk_feedback_improvement_case_case_id')),
    sa.ForeignKeyConstraint(['improvement_id'], ['feedback_improvement.id'], name=op.f('fk_feedback_improvement_case_improvement_id')),
    sa.PrimaryKeyConstraint('improvement_id', 'case_id', name=op.f('pk_feedback_improvement_case')),
    )
    op.create_index(op.f('ix_feedback_improvement_case_case_id'), 'feedback_improvement_case', ['case_id'], unique=False)
    op.create_table('feedback_vote',
    sa.Column('invitation_id', key, autoincrement=False, nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=True),
    sa.Column('voted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('score BETWEEN 0 AND 10', name=op.f('ck_feedback_vote_score')),
    sa.ForeignKeyConstraint(['invitation_id'], ['feedback_invitation.id'], name=op.f('fk_feedback_vote_invitation_id')),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_feedback_vote')),
    )
    op.create_index(op.f('ix_feedback_vote_voted_at'), 'feedback_vote', ['voted_at'], unique=False)
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_feedback_vote_voted_at'), table_name='feedback_vote')
    op.drop_table('feedback_vote')
    op.drop_index(op.f('ix_feedback_improvement_case_case_id'), table_name='feedback_improvement_case')
    op.drop_table('feedback_improvement_case')
    op.drop_table('feedback_adoption')
    op.drop_index(op.f('ix_feedback_invitation_client_id_invited_at'), table_name='feedback_invitation')
    op.drop_table('feedback_invitation')
    op.drop_index(op.f('ix_feedback_improvement_state_due_on'), table_name='feedback_improvement')
    op.drop_table('feedback_improvement')
    for table in GUARDED:
        drop_guard(op, table)
