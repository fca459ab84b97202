"""What we show of a person to whom, and which indicators the core system keeps."""

CORE_KEYS = frozenset(
    """
    name gender birth_date nationality ethnic_group id_type id_number id_valid_from id_valid_to id_issuer id_address
    mobile client_code fund_account sh_account sz_account bj_account open_fund_account account_status open_date
    open_channel branch custody_bank bank_card commission_rate order_channels margin_enabled options_level gem_enabled
    star_enabled hkconnect_enabled total_assets market_value cash_balance avg_assets_20d turnover_12m commission_12m
    first_trade_date last_trade_date aml_rating
    """.split()
)


def masked_phone(number: str) -> str:
    """Keep three and four digits: 138****5678; a number too short for that is hidden whole."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"


def masked_name(name: str) -> str:
    """Hide the first of two characters, or all but the first and the last: *三, 欧**明."""
    if len(name) < 3:
        return f"*{name[1:]}"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def masked_account(number: str) -> str:
    """Keep the last four: ****3071; a number too short for that is hidden whole."""
    return f"****{number[-4:]}" if len(number) > 4 else "****"
