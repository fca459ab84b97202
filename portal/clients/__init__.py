"""客户: who our clients are, as the core system and they themselves tell us."""
