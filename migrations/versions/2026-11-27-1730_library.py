"""The library: pieces, drafts, editions, what they are found by, reading checks."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0042_library"
down_revision = "0042_questionnaire_proposals"
branch_labels = None
depends_on = None

GUARDED = ("library_edition", "library_event", "library_check", "library_pass")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('library_piece',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=True),
    sa.Column('live', sa.Integer(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('announcement', 'faq', 'article', 'news', 'report', 'note', 'care')", name=op.f('ck_library_piece_kind')),
    sa.CheckConstraint('(live IS NULL) = (expires_on IS NULL)', name=op.f('ck_library_piece_live_until')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_piece')),
    sa.UniqueConstraint('number', name=op.f('uq_library_piece_number')),
    sa.UniqueConstraint('source', name=op.f('uq_library_piece_source'))
    )
    op.create_index(op.f('ix_library_piece_kind_expires_on'), 'library_piece', ['kind', 'expires_on'], unique=False)
    op.create_table('library_check',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_library_check_client_id')),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_check_piece_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_check')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_library_check_client_id_piece_id'), 'library_check', ['client_id', 'piece_id'], unique=False)
    op.create_table('library_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('writers', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('written_by_name', sa.String(length=60), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('topic', sa.String(length=12), nullable=False),
    sa.Column('title_zh', sa.String(length=80), nullable=False),
    sa.Column('title_en', sa.String(length=160), nullable=False),
    sa.Column('summary_zh', sa.String(length=300), nullable=False),
    sa.Column('summary_en', sa.String(length=600), nullable=False),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('author', sa.String(length=60), nullable=False),
    sa.Column('authored_on', sa.Date(), nullable=True),
    sa.Column('risk_class', sa.String(length=2), nullable=False),
    sa.Column('horizon_months', sa.Integer(), nullable=True),
    sa.Column('conflicts_zh', sa.String(length=300), nullable=False),
    sa.Column('conflicts_en', sa.String(length=600), nullable=False),
    sa.Column('questions_zh', sa.Text(), nullable=False),
    sa.Column('questions_en', sa.Text(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=16), nullable=False),
    sa.CheckConstraint("(state = 'review') = (submitted_at IS NOT NULL)", name=op.f('ck_library_draft_submitted')),
    sa.CheckConstraint("state IN ('draft', 'review')", name=op.f('ck_library_draft_state')),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_draft_piece_id')),
    sa.ForeignKeyConstraint(['written_by'], ['identity_user.id'], name=op.f('fk_library_draft_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_draft')),
    sa.UniqueConstraint('piece_id', name=op.f('uq_library_draft_piece_id'))
    )
    op.create_index(op.f('ix_library_draft_state_saved_at'), 'library_draft', ['state', 'saved_at'], unique=False)
    op.create_table('library_edition',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('written_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('written_by_name', sa.String(length=60), nullable=False),
    sa.Column('published_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('published_by_name', sa.String(length=60), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('topic', sa.String(length=12), nullable=False),
    sa.Column('title_zh', sa.String(length=80), nullable=False),
    sa.Column('title_en', sa.String(length=160), nullable=False),
    sa.Column('summary_zh', sa.String(length=300), nullable=False),
    sa.Column('summary_en', sa.String(length=600), nullable=False),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('author', sa.String(length=60), nullable=False),
    sa.Column('authored_on', sa.Date(), nullable=True),
    sa.Column('risk_class', sa.String(length=2), nullable=False),
    sa.Column('horizon_months', sa.Integer(), nullable=True),
    sa.Column('conflicts_zh', sa.String(length=300), nullable=False),
    sa.Column('conflicts_en', sa.String(length=600), nullable=False),
    sa.Column('questions_zh', sa.Text(), nullable=False),
    sa.Column('questions_en', sa.Text(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=16), nullable=False),
    sa.CheckConstraint("'' NOT IN (title_zh, title_en, summary_zh, summary_en, body_zh, body_en)", name=op.f('ck_library_edition_both_languages')),
    sa.CheckConstraint("kind NOT IN ('news', 'note', 'report') OR (author <> '' AND authored_on IS NOT NULL AND risk_class <> '' AND horizon_months IS NOT NULL AND conflicts_zh <> '' AND conflicts_en <> '')", name=op.f('ck_library_edition_research_is_signed')),
    sa.CheckConstraint('expires_on IS NOT NULL AND number > 0 AND points >= 0', name=op.f('ck_library_edition_whole')),
    sa.CheckConstraint('written_by <> published_by', name=op.f('ck_library_edition_four_eyes')),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_edition_piece_id')),
    sa.ForeignKeyConstraint(['published_by'], ['identity_user.id'], name=op.f('fk_library_edition_published_by')),
    sa.ForeignKeyConstraint(['written_by'], ['identity_user.id'], name=op.f('fk_library_edition_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_edition')),
    sa.UniqueConstraint('piece_id', 'number', name=op.f('uq_library_edition_piece_id_number')),
    info={'immutable': True}
    )
    op.create_table('library_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('verb', sa.String(length=12), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_event_piece_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_library_event_piece_id'), 'library_event', ['piece_id'], unique=False)
    op.create_table('library_pass',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('passed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_library_pass_client_id')),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_pass_piece_id')),
    sa.PrimaryKeyConstraint('client_id', 'piece_id', name=op.f('pk_library_pass')),
    info={'immutable': True}
    )
    op.create_table('library_term',
    sa.Column('term', sa.String(length=40), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['piece_id'], ['library_piece.id'], name=op.f('fk_library_term_piece_id')),
    sa.PrimaryKeyConstraint('term', 'piece_id', name=op.f('pk_library_term'))
    )
    op.create_index(op.f('ix_library_term_piece_id'), 'library_term', ['piece_id'], unique=False)
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_library_term_piece_id'), table_name='library_term')
    op.drop_table('library_term')
    op.drop_table('library_pass')
    op.drop_index(op.f('ix_library_event_piece_id'), table_name='library_event')
    op.drop_table('library_event')
    op.drop_table('library_edition')
    op.drop_index(op.f('ix_library_draft_state_saved_at'), table_name='library_draft')
    op.drop_table('library_draft')
    op.drop_index(op.f('ix_library_check_client_id_piece_id'), table_name='library_check')
    op.drop_table('library_check')
    op.drop_index(op.f('ix_library_piece_kind_expires_on'), table_name='library_piece')
    op.drop_table('library_piece')
    for table in GUARDED:
        drop_guard(op, table)
