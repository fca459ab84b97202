"""等级: 普通 银卡 金卡 白金卡, as periods with begin, end and basis."""
