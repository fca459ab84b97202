"""What the pages of the inbox say."""

from collections.abc import Mapping

from portal import sms
from portal.inbox.rules import Route, Topic
from portal.kit.i18n import later

TOPICS: Mapping[Topic, str] = {
    Topic.SECURITY: later("安全"),
    Topic.RECORD: later("资料"),
    Topic.SUITABILITY: later("适当性"),
    Topic.REDEMPTION: later("兑换"),
    Topic.BOOKING: later("预约"),
    Topic.TIER: later("等级"),
    Topic.CLUB: later("俱乐部"),
    Topic.VOICE: later("心声"),
    Topic.SURVEY: later("调查"),
    Topic.LIBRARY: later("公告和投教"),
    Topic.CARE: later("关怀"),
}
ROUTES: Mapping[Route, str] = {
    Route.REQUIRED: later("法律或安全要求，同时以短信告知"),
    Route.PREFERRED: later("按您首选的联系方式，同时以短信告知"),
    Route.UNSTATED: later("您没有填写首选联系方式，同时以短信告知"),
    Route.NOT_PREFERRED: later("您首选的不是短信，没有发短信"),
    Route.QUIET: later("只在站内告知"),
    Route.NO_NUMBER: later("没有登记手机号，没有发短信"),
}
SMS_STATES: Mapping[sms.State, str] = {
    sms.State.QUEUED: later("短信待发"),
    sms.State.SUBMITTED: later("短信已发出"),
    sms.State.DELIVERED: later("短信已送达"),
    sms.State.UNDELIVERABLE: later("短信没有送到"),
    sms.State.REJECTED: later("短信没有送到"),
    sms.State.EXPIRED: later("短信没有送到"),
    sms.State.UNKNOWN: later("短信正在核实"),
}
