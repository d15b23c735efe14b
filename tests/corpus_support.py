"""An invented report with its annotation, for the tests of the corpus tools."""

from __future__ import annotations

from typing import Any

import msgspec

from govie.interchange import forms, inline
from govie.interchange.annotation import AnnotatedReport

SOURCE = """---
year: 2017
town: 鹭渡镇
county: 白河县
city: 安康市
province: 陕西省
table: 2014
findings: section.missing
hand: T1
---
⟦鹭渡镇2017年政府信息¦TITLE⟧
⟦公开工作年度报告¦TITLE⟧
本报告由⟦白河县鹭渡镇人民政府¦AUTH⟧编制，统计期限为⟦2017年1月1日至2017年12月31日¦PERIOD 2017-01-01/2017-12-31⟧。如有疑问，请拨打⟦0915－7600012¦PHONE⟧。
一、⟦概述¦H1 overview⟧
这一年镇里换届，公开工作由办公室两名同志兼管，建了⟦4项¦NUM⟧制度，村村都有公开栏，赶集日还摆摊讲政策。
（一）⟦把摊子搭起来¦H2r⟧。镇长挂帅，站所各出一人，每季度碰一次头，碰头会都有记录，年底一并归档备查。
二、⟦主动公开政府信息情况¦H1 disclosure⟧
全年主动公开信息⟦66条¦disclosure.total⟧，按内容分：⟦机构职能类信息¦CAT⟧⟦6条¦cat⟧，\
⟦惠农补贴类¦CAT⟧⟦ 40 条¦cat⟧，占⟦60.6%¦PCT⟧；⟦村级财务¦CAT⟧⟦二十条¦cat=20条⟧。\
其中挂在县政府网站上⟦58条¦disclosure.channel.website⟧，上年同口径为⟦51条¦disclosure.total @2016⟧。
三、⟦依申请公开情况¦H1 requests⟧
收到申请⟦3件¦requests.received⟧，都是村民⟦当面递来的¦requests.received.in_person=3⟧，已按时办结⟦3件¦requests.closed + requests.closed.on_time⟧。
四、⟦收费与复议诉讼情况¦H1 fees+review_litigation⟧
⟦分文未收¦fees.charged=0⟧。⟦没有人申请行政复议，也没有人提起行政诉讼¦review.total=0 + litigation.total=0⟧。
五、⟦问题和打算¦H1 problems⟧
更新不够勤快，山上的村子上网不便，老人更愿意看墙上贴的纸。明年把公开栏再修一修，让信息跑在前头。
附件
@table 2014 tabs until=12
disclosure.total 66
disclosure.channel.website 58
disclosure.channel.other 8
@end
⟦白河县鹭渡镇人民政府¦AUTH⟧
⟦2018年1月12日¦DATE 2018-01-12⟧
"""


def annotated(source: str = SOURCE, name: str = "t1_01") -> AnnotatedReport:
    """Return the report that ``source`` writes in inline mark-up."""
    return inline.parse(name, forms.expand(name, source))


def changed(report: AnnotatedReport, **values: Any) -> AnnotatedReport:
    """Return ``report`` with other values in its card."""
    return msgspec.structs.replace(report, card=msgspec.structs.replace(report.card, **values))
