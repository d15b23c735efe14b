"""Title, authority, locality, period, date of issue and contacts: invented reports, values read by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.metadata import find_metadata, locality_for_year, parse_date
from govie.records import Document, Metadata, Section, Source

BODY = "\n一、概述\n今年我镇稳步开展工作。\n二、主动公开情况\n共公开信息30条。\n"


def document(text: str, **page: str) -> Document:
    source = Source(path=None, media_type="text/plain", sha256="", chars=len(text))
    return Document(text=text, source=source, page=page)


def read(text: str, **page: str) -> Metadata:
    """Return the metadata of a text whose body begins at 一、."""
    at = text.find("\n一、") + 1
    sections = ()
    if at:
        sections = (
            Section(
                number="一", level=1, heading="概述", kind="overview",
                start=at, end=len(text), heading_start=at + 2, heading_end=at + 4,
            ),
        )  # fmt: skip
    return find_metadata(document(text, **page), sections)


# ---------------------------------------------------------------- title

TITLES = [
    ("祝塘镇2017年政府信息公开工作年度报告", "祝塘镇2017年政府信息公开工作年度报告"),
    ("# 祝塘镇2017年政府信息公开工作年度报告", "祝塘镇2017年政府信息公开工作年度报告"),
    ("**祝塘镇2017年政府信息公开工作年度报告**", "祝塘镇2017年政府信息公开工作年度报告"),
    ("《祝塘镇2017年政府信息公开工作年度报告》", "祝塘镇2017年政府信息公开工作年度报告"),
    ("祝塘镇 2017 年政府信息公开　工作年度报告", "祝塘镇2017年政府信息公开工作年度报告"),
    ("祝塘镇人民政府\n2017年政府信息公开工作年度报告", "祝塘镇人民政府2017年政府信息公开工作年度报告"),
    ("江阴市祝塘镇人民政府\n2017年度政府信息公开\n工作年度报告", "江阴市祝塘镇人民政府2017年度政府信息公开工作年度报告"),
    ("江阴市祝塘镇2017年\n\n政府信息公开工作年度报告", "江阴市祝塘镇2017年政府信息公开工作年度报告"),
    ("祝塘镇政府信息公开工作年度报告\n（2017年度）", "祝塘镇政府信息公开工作年度报告（2017年度）"),
    ("当前位置：首页 > 年报 > 祝塘镇\n祝塘镇2017年政务公开工作总结", "祝塘镇2017年政务公开工作总结"),
    ("江阴政府网 > 祝塘镇2017年政府信息公开年度报告", "祝塘镇2017年政府信息公开年度报告"),
    ("标题：祝塘镇2017年政府信息公开年度报告\n索引号：014/2018-00012", "祝塘镇2017年政府信息公开年度报告"),
    ("祝塘镇2017年政府信息公开年报 发布时间：2018-03-02 来源：党政办", "祝塘镇2017年政府信息公开年报"),
    ("祝塘镇2015年政府信息公开年度报告\n祝塘镇2016年政府信息公开年度报告\n祝塘镇2017年政府信息公开年度报告",
     "祝塘镇2017年政府信息公开年度报告"),
    ("下一篇：祝塘镇2016年政府信息公开年度报告\n祝塘镇2017年政府信息公开年度报告", "祝塘镇2017年政府信息公开年度报告"),
    ("祝塘政〔2018〕6号\n祝塘镇二〇一七年政府信息公开工作年度报告", "祝塘镇二〇一七年政府信息公开工作年度报告"),
    ("桃源县民政局2012年政府信息公开工作年度报告", "桃源县民政局2012年政府信息公开工作年度报告"),
    ("祝塘鎮2017年政府信息公開工作年度報告", "祝塘鎮2017年政府信息公開工作年度報告"),
    ("祝塘镇关于2017年度政府信息公开工作情况的报告", "祝塘镇关于2017年度政府信息公开工作情况的报告"),
    ("2、祝塘镇2017年政府信息公开工作年度报告", "祝塘镇2017年政府信息公开工作年度报告"),
    ("无障碍浏览长者版登录注册祝塘镇2017年政府信息公开年报", "祝塘镇2017年政府信息公开年报"),
    ("内容概述：祝塘镇2017年政府信息公开年报", "祝塘镇2017年政府信息公开年报"),
    ("江阴市祝塘镇人民政府\n关于报送2017年政府信息公开年报的说明", "江阴市祝塘镇人民政府关于报送2017年政府信息公开年报的说明"),
    ("关于报送《祝塘镇2017年政府信息公开年度报告》的函", "关于报送《祝塘镇2017年政府信息公开年度报告》的函"),
    ("2017年祝塘鎮(zhèn)政府信息公開年報(bào)", "2017年祝塘鎮(zhèn)政府信息公開年報(bào)"),
    ("**镇2017年政府信息公开年度报告", "**镇2017年政府信息公开年度报告"),
    ("天长市秦栏镇2017年政府信息公开年报", "天长市秦栏镇2017年政府信息公开年报"),
    ("龙口市将军镇2017年政府信息公开年报", "龙口市将军镇2017年政府信息公开年报"),
    ("祝塘镇人民政府\n政府信息公开工作年度报告\n（2017年度）", "祝塘镇人民政府政府信息公开工作年度报告（2017年度）"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "title"), TITLES)
def test_title(head: str, title: str) -> None:
    metadata = read(head + BODY)
    assert metadata.title == title
    assert metadata.title_span is not None
    text = head + BODY
    assert text[metadata.title_span.start : metadata.title_span.end] == metadata.title_span.text


@pytest.mark.parametrize(
    "head",
    [
        "现公布2017年祝塘镇政府信息公开工作年度报告。",
        "首页 > 政务公开 > 政府信息公开年报",
        "索引号：014/2018-00012 发布机构：祝塘镇\n发布时间：2018-03-02 来源: 本站 浏览次数：12",
        "字体：大 中 小 打印本页",
        "上一篇：祝塘镇2016年政府信息公开工作年度报告",
        "祝塘镇2017年政府信息公开工作年度报告.pdf",
        "祝塘镇政府信息公开年度报告制度",
        "政府信息公开指南\n政府信息公开年报",
        "祝塘镇2017年政府信息公开工作年度报告是根据有关规定编制的。",
        "我镇2017年未发生与政府信息公开有关的诉讼情况",
    ],
)
def test_no_title_is_made_up(head: str) -> None:
    assert read(head + BODY).title is None


def test_title_on_the_line_of_the_text() -> None:
    text = "祝塘镇2017年政府信息公开工作年度报告　根据有关规定，现将工作报告如下。" + "一、概述　今年我镇稳步开展工作。" * 20
    assert read(text).title == "祝塘镇2017年政府信息公开工作年度报告"


def test_title_behind_crumbs_on_the_line_of_the_text() -> None:
    text = "江阴市人民政府 ｜ 祝塘镇 ｜ 祝塘镇2017年政府信息公开工作年度报告 发布时间：2018-01-17 来源：祝塘镇 "
    assert read(text + "一、概述　今年我镇稳步开展工作。" * 20).title == "祝塘镇2017年政府信息公开工作年度报告"


def test_page_title_serves_where_the_text_has_none() -> None:
    page = "祝塘镇2017年政府信息公开工作年度报告-江阴市人民政府"
    assert read("我镇报告如下。" + BODY, title=page).title == "祝塘镇2017年政府信息公开工作年度报告"
    assert read("我镇报告如下。" + BODY, title="江阴市人民政府").title is None


def test_title_year_and_period_year_are_kept_apart() -> None:
    metadata = read("祝塘镇2016年政府信息公开年度报告\n统计期限自2017年1月1日起至2017年12月31日止。" + BODY)
    assert (metadata.title_year, metadata.period_year) == (2016, 2017)


# ---------------------------------------------------------------- authority and locality

WHO = [
    # text, authority, locality, code
    ("祝塘镇2017年政府信息公开工作年度报告\n祝塘镇人民政府报告如下。{}江阴市祝塘镇人民政府\n2017年12月31日",
     "江阴市祝塘镇人民政府", "祝塘镇", "320281"),
    ("祝塘镇2017年政府信息公开工作年度报告\n祝塘镇政府报告如下。{}", "祝塘镇政府", "祝塘镇", "320281"),
    ("祝塘镇2017年政府信息公开工作年度报告\n祝塘镇党委政府十分重视。{}", "祝塘镇人民政府", "祝塘镇", "320281"),
    ("祝塘镇2017年政府信息公开工作年度报告\n市政府、省人民政府部署，惠安县人民政府要求。{}", "祝塘镇人民政府", "祝塘镇", "350521"),
    ("祝塘镇2017年政府信息公开工作年度报告\n请与祝塘镇人民政府办公室联系。{}", "祝塘镇人民政府", "祝塘镇", "320281"),
    ("建新镇2018年政府信息公开工作年度报告{}遂溪县建新镇人民政府\n2019年1月4日", "遂溪县建新镇人民政府", "建新镇", "440823"),
    ("建新镇2018年政府信息公开工作年度报告{}", "建新镇人民政府", "建新镇", None),
    ("建新镇2018年政府信息公开工作年度报告\n在遂溪县政府网站公开。{}", "建新镇人民政府", "建新镇", "440823"),
    ("虚无县祝塘镇2017年政府信息公开工作年度报告{}", "祝塘镇人民政府", "祝塘镇", None),
    ("长沙市望城县靖港镇2009年政府信息公开年度报告{}", "靖港镇人民政府", "靖港镇", "430122"),
    ("靖港镇2015年政府信息公开年度报告{}", "靖港镇人民政府", "靖港镇", "430112"),
    ("北京市朝阳区东湖街道办事处2014年政府信息公开工作年度报告{}", "北京市朝阳区东湖街道办事处", "东湖街道", "110105"),
    ("朝阳区人民政府东湖街道办事处2014年政府信息公开工作年度报告\n北京市朝阳区。{}",
     "朝阳区人民政府东湖街道办事处", "东湖街道", "110105"),
    ("桂花坪街道2020年政府信息公开工作年度报告{}", "桂花坪街道办事处", "桂花坪街道", "430103"),
    ("武江区惠民街2014年政府信息公开年度报告{}", "惠民街道办事处", "惠民街道", "440203"),
    ("永春县民政局2012年政府信息公开工作年度报告{}", "永春县民政局", "永春县", "350525"),
    ("县民政局2012年政府信息公开工作年度报告\n永春县民政局报告如下。{}", "永春县民政局", "永春县", "350525"),
    ("永春县2012年政府信息公开工作年度报告{}永春县人民政府\n2013年3月1日", "永春县人民政府", "永春县", "350525"),
    ("新乡市民政局2016年政府信息公开年度报告{}", "新乡市民政局", "新乡市", "410700"),
    ("唐村镇2010年政府信息公开工作年度报告{}", "唐村镇人民政府", "唐村镇", "370883"),
    ("景宁县梅岐乡2013年政府信息公开年度报告{}", "梅岐乡人民政府", "梅岐乡", "331127"),
    ("察右后旗白音察干镇2016年政府信息公开年度报告{}", "白音察干镇人民政府", "白音察干镇", "150928"),
    ("察右后旗民政局2016年政府信息公开年度报告{}", "察右后旗民政局", "察哈尔右翼后旗", "150928"),
    ("双流县东升街道办事处2014年政府信息公开年度报告{}", "双流县东升街道办事处", "东升街道", "510122"),
    ("双流区东升街道办事处2016年政府信息公开年度报告{}", "双流区东升街道办事处", "东升街道", "510116"),
    ("高新区枫杨街道2017年政府信息公开年报{}", "枫杨街道办事处", "枫杨街道", None),
    ("镇江市丹徒区辛丰镇2016年政府信息公开年度报告{}", "辛丰镇人民政府", "辛丰镇", "321112"),
    ("勐底农场2018年政府信息公开工作年度报告{}", "勐底农场", "勐底农场", "530923"),
    ("中共祝塘镇委员会 祝塘镇人民政府2017年政府信息公开年度报告{}", "祝塘镇人民政府", "祝塘镇", "320281"),
    ("永春县市场监督管理局2017年政府信息公开年报{}", "永春县市场监督管理局", "永春县", "350525"),
    ("扎赉特旗宝力根花苏木2019年政府信息公开工作年度报告{}", "宝力根花苏木人民政府", "宝力根花苏木", "152223"),
    ("開平市沙塘鎮2016年政府信息公開年度報告\n沙塘鎮政府結合實際編制。{}", "沙塘鎮政府", "沙塘鎮", "440783"),
    # the last of two suffixes is the town's
    ("壶镇镇2013年政府信息公开年度报告{}", "壶镇镇人民政府", "壶镇镇", "331122"),
    ("石湾镇街道2013年政府信息公开年度报告{}", "石湾镇街道办事处", "石湾镇街道", "440604"),
    # 人民政府信息公开 is read as the government's
    ("2017年江阴市祝塘镇人民政府信息公开年度报告\n祝塘镇人民政府报告如下。{}", "江阴市祝塘镇人民政府", "祝塘镇", "320281"),
    # a county the list does not have keeps its place before the town, and gives no code
    ("祝塘镇2017年政府信息公开年报\n请与青禾县祝塘镇党政办联系。{}青禾县祝塘镇人民政府\n2018年1月5日",
     "青禾县祝塘镇人民政府", "祝塘镇", None),
    # one of several towns of a name: its site, its index number, its city or province settles which
    ("北街街道2017年政府信息公开年报\n索引号：620702081/2018-7{}", "北街街道办事处", "北街街道", "620702"),
    ("北街街道2017年政府信息公开年报\n在“中国甘州”门户公开。{}", "北街街道办事处", "北街街道", "620702"),
    ("大兴乡2017年政府信息公开年报\n通过耿马融媒体中心公开。{}", "大兴乡人民政府", "大兴乡", "530926"),
    ("兴国镇2017年政府信息公开年报\n按照《甘肃省政府信息公开规定》编制。{}", "兴国镇人民政府", "兴国镇", "620522"),
    ("兴国镇2017年政府信息公开年报\n按照国家和省的规定编制。{}", "兴国镇人民政府", "兴国镇", None),
    # advertising put in place of the county
    ("某某游乐北城街道2017年政府信息公开年报\n请与永嘉县北城街道办事处联系。{}", "永嘉县北城街道办事处", "北城街道", "330324"),
    # 完成县政府下达的任务 does not name 成县
    ("祝塘镇2017年政府信息公开年报\n完成县政府下达的任务。{}", "祝塘镇人民政府", "祝塘镇", "320281"),
    # the county was 乐东县 in the 1980s and is still called so
    ("乐东县九所镇2011年政府信息公开年报{}", "九所镇人民政府", "九所镇", "469027"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "authority", "name", "code"), WHO)
def test_authority_and_locality(text: str, authority: str, name: str, code: str | None) -> None:
    metadata = read(text.format(BODY))
    assert metadata.authority == authority
    assert metadata.locality is not None
    assert metadata.locality.name == name
    assert metadata.locality.code == code


def test_candidates_count_towns_of_the_name_whatever_the_county() -> None:
    text = "遂溪县建新镇2018年政府信息公开工作年度报告" + BODY
    locality = read(text).locality
    assert locality is not None
    assert (locality.candidates, locality.county, locality.city, locality.province) == (2, "遂溪县", "湛江市", "广东省")


def test_a_report_without_title_is_placed_by_its_text() -> None:
    text = "本报告由祝塘镇人民政府编制，祝塘镇各村落实。\n一、概述\n2017年，祝塘镇公开信息9条，我镇未收到申请。\n"
    metadata = read(text)
    assert metadata.title is None
    assert metadata.authority == "祝塘镇人民政府"
    assert metadata.locality is not None
    assert metadata.locality.code == "320281"


@pytest.mark.parametrize(
    ("text", "authority", "name"),
    [
        ("现公布祝塘镇人民政府年报。\n一、概述\n祝塘镇公开信息9条。", "祝塘镇人民政府", "祝塘镇"),
        ("一、概述\n成立新立城镇领导小组，推动镇村公开。", "新立城镇人民政府", "新立城镇"),
        ("一、概述\n由某某主页 北城街道办事处编制。", "北城街道办事处", "北城街道"),
        ("一、概述\n2017年，霍城县水利局公开30条。我局按县委要求办理，霍城县水利局未收到申请。", "霍城县水利局", "霍城县"),
        ("一、概述\n2017年，兰州市公开30条，我市各部门接受咨询。", "兰州市人民政府", "兰州市"),
        ("一、概述\n街道公开30条。《江东区虚路街道目录》由街道办事处编制。", None, None),
        ("一、概述\n我镇公开30条。二是镇村两级落实，推动乡镇公开，各镇乡、中心镇带头。", None, None),
        ("**乡2017年政府信息公开年报\n一、概述\n我乡公开30条。", None, None),
    ],
)
def test_words_before_a_suffix_that_are_no_name(text: str, authority: str | None, name: str | None) -> None:
    found = read(text)
    if name is None:
        assert found.locality is None or found.locality.name == "虚路街道"
    else:
        assert found.authority == authority
        assert found.locality is not None
        assert found.locality.name == name


def test_locality_for_a_year_learned_later() -> None:
    text = "靖港镇政府信息公开工作年度报告" + BODY
    found = read(text)
    assert found.locality is not None
    assert found.locality.code == "430112"
    earlier = locality_for_year(document(text), found, 2009)
    assert earlier is not None
    assert (earlier.county, earlier.code) == ("望城县", "430122")
    assert locality_for_year(document(text), Metadata(), 2009) is None


# ---------------------------------------------------------------- period

PERIODS = [
    ("本报告所列数据的统计期限自2017年1月1日起至2017年12月31日止。", ("2017-01-01", "2017-12-31")),
    ("数据统计期限为2010年1月1日至12月31日止。", ("2010-01-01", "2010-12-31")),
    ("统计期限：2010年1月1日—12月31日。", ("2010-01-01", "2010-12-31")),
    ("统计时限为2013.1.1-2013.12.31。", ("2013-01-01", "2013-12-31")),
    ("统计期限为2013-01-01至2013-12-31。", ("2013-01-01", "2013-12-31")),
    ("统计期限自二〇一七年一月一日起至二〇一七年十二月三十一日止。", ("2017-01-01", "2017-12-31")),
    ("统计期限自二○一七年一月一日至十二月三十一日。", ("2017-01-01", "2017-12-31")),
    ("统计期限自二0一七年1月1日起到二0一七年12月31日止。", ("2017-01-01", "2017-12-31")),
    ("数据统计期限自201611日起至20161231日止。", ("2016-01-01", "2016-12-31")),
    ("统计期限自20211月1日起至202112月31日止。", ("2021-01-01", "2021-12-31")),
    ("统计期限自2016111日起至20161231日止。", None),  # 1月11日 or 11月1日
    ("统计期限自2017年1月日起至2017年12月31日止。", None),
    ("统计期限自2017年13月1日起至2017年12月31日止。", None),
    ("统计期限自2008年5月1日起至2008年12月31日止。", ("2008-05-01", "2008-12-31")),
    ("统计期限自2012年1月1日起至2012年11月30日止。", ("2012-01-01", "2012-11-30")),
    ("数据统计时间为2011年12月１日　至　2012年11月30日。", ("2011-12-01", "2012-11-30")),
    ("《条例》自2008年5月1日起施行，2019年5月15日修订。", None),
    ("2017年3月1日至2017年4月30日开展宣传活动。", None),
    ("所列数据截止日期为2012年12月31日。", None),
    ("统计期限为2025111231日。", ("2025-01-01", "2025-12-31")),
    ("统计期限为20251111231日。", None),  # 1月11日 or 11月1日
    ("报告所载数字，起于2020年1月1日，止于2020年12月31日。", ("2020-01-01", "2020-12-31")),
    ("数据从2018年1月1日计至2018年12月31日。", ("2018-01-01", "2018-12-31")),
    ("数据从2018年1月1日算到12月31日。", ("2018-01-01", "2018-12-31")),
    ("统计数据从2015年1月1日开始，到2015年12月31日结束。", ("2015-01-01", "2015-12-31")),
    ("我镇自2016年1月1日到12月31日公开信息50条。", ("2016-01-01", "2016-12-31")),
    ("现将2012年（1月1日至12月31日）的情况报告如下。", ("2012-01-01", "2012-12-31")),
]


@pytest.mark.parametrize(("sentence", "period"), PERIODS)
def test_period(sentence: str, period: tuple[str, str] | None) -> None:
    text = "祝塘镇政府信息公开年度报告\n" + sentence + BODY
    found = read(text)
    assert (found.period and (found.period.start, found.period.end)) == period
    if found.period_span:
        assert text[found.period_span.start : found.period_span.end] == found.period_span.text


# ---------------------------------------------------------------- date of issue

HEAD = "祝塘镇2017年政府信息公开工作年度报告\n"
ISSUED = [
    (HEAD + BODY + "祝塘镇人民政府\n2017年12月31日", "2017-12-31"),
    (HEAD + BODY + "祝塘镇人民政府 2018年1月5日\n附表\n主动公开\t30", "2018-01-05"),
    (HEAD + BODY + "祝塘镇人民政府\n2018-1-5", "2018-01-05"),
    (HEAD + BODY + "祝塘镇人民政府\n2018.1.5", "2018-01-05"),
    (HEAD + BODY + "祝塘镇人民政府\n二〇一八年一月五日", "2018-01-05"),
    (HEAD + BODY + "二O一八年一月二十五日", "2018-01-25"),
    (HEAD + BODY + "祝塘镇人民政府\n２０１８ 年 1 月 5 日\n\n打印本页", "2018-01-05"),
    (HEAD + "发布日期：2018-03-09\n" + BODY + "祝塘镇人民政府\n2018年1月5日", "2018-01-05"),
    (HEAD + "（2018年1月8日）\n" + BODY, "2018-01-08"),
    (HEAD + "索引号：1/2 生成日期：2018-01-09 发布日期：2018-03-09" + BODY, "2018-01-09"),
    ("成文日期：2018年1月9日\n发布日期：2018-03-09\n" + HEAD + BODY, "2018-01-09"),
    (HEAD + "发布时间：2018-03-09 10:20 来源：党政办" + BODY, "2018-03-09"),
    (HEAD + "时间：2018-03-09" + BODY, "2018-03-09"),
    (HEAD + "2018-03-09 14:37 来源：祝塘镇" + BODY, "2018-03-09"),
    (HEAD + "发布时间：2021-07-06" + BODY, None),  # put on the site again, years later
    (HEAD + BODY + "祝塘镇人民政府\n2018年1月", None),
    (HEAD + BODY + "祝塘镇人民政府\n2018年13月5日", None),
    (HEAD + "今天是2020年5月6日 星期三" + BODY, None),
    (HEAD + "数据时间2017年1月1日－2017年12月31日。" + BODY, None),
    (HEAD + "来源：祝塘镇　　2018-03-09　　分享到：" + BODY, "2018-03-09"),
    (HEAD + BODY + "2018年2月18日　祝塘镇人民政府", "2018-02-18"),
    (HEAD + BODY + "祝塘镇人民政府\n2018年2月18日印发", "2018-02-18"),
    (HEAD + "一、概述 " + "我镇稳步开展工作。" * 30 + "七、其他 无。 二〇一八年二月十五日", "2018-02-15"),
    (HEAD + "发布时间：2018-03-18" + BODY + "填报日期：2018年3月16日", "2018-03-16"),
    (HEAD + BODY + "责任编辑：祝塘镇　分享到：微信\n2018-1-16", "2018-01-16"),
    (HEAD + BODY + "请各村于2018年3月31日前报送。", None),
    (HEAD + BODY + "相关文章\n祝塘镇计划 2019-02-02\n祝塘镇通知 2019-03-03", None),
    ("祝塘镇2017年政府信息公开工作年度报告 报告如下。一、概述 " + "我镇稳步开展工作。" * 30 + "祝塘镇人民政府2018年1月5日", "2018-01-05"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "issued"), ISSUED)
def test_issued(text: str, issued: str | None) -> None:
    assert read(text).issued == issued


def test_page_date_serves_where_the_text_has_none() -> None:
    assert read(HEAD + BODY, published="2018-02-01").issued == "2018-02-01"
    assert read(HEAD + BODY, published="2022-02-01").issued is None
    assert read(HEAD + BODY + "祝塘镇人民政府\n2018年1月5日", published="2018-02-01").issued == "2018-01-05"


@pytest.mark.parametrize(
    ("text", "date"),
    [("2018年2月30日", None), ("2018/1/5", "2018-01-05"), ("二零一八年十一月廿一日", "2018-11-21"), ("正月初一", None)],
)
def test_parse_date(text: str, date: str | None) -> None:
    assert parse_date(text) == date


# ---------------------------------------------------------------- contacts

CONTACTS = [
    ("如对本报告有疑问，请与镇党政办联系，联系电话：0510-80001234。", [("phone", "0510-80001234")]),
    ("如对本报告有疑问,请与镇党政办联系(电话:80001234,传真:80005678)。", [("phone", "80001234"), ("fax", "80005678")]),
    ("如有疑问，请与党政办联系，电话：（0510）8000 1234。", [("phone", "(0510)80001234")]),
    ("如有疑问，请与党政办联系，电话：０５１０－８０００１２３４。", [("phone", "0510-80001234")]),
    ("如有疑问，请与党政办联系，电话：0510—80001234。", [("phone", "0510-80001234")]),
    ("如有疑问，请与党政办联系（电话：80001234、80005678）。", [("phone", "80001234"), ("phone", "80005678")]),
    ("如对本报告有任何疑问，请联系：80001234。", [("phone", "80001234")]),
    ("如有疑问，请与党政办联系，联系人：王小明，手机：13800001234。", [("name", "王小明"), ("phone", "13800001234")]),
    ("如有疑问，请与镇党政办联系（地址：江阴市祝塘镇虚路8号，邮编：214400，邮箱：zt@example.cn）。",
     [("address", "江阴市祝塘镇虚路8号"), ("postcode", "214400"), ("email", "zt@example.cn")]),
    ("如有疑问，请与党政办联系。（地址:虚路2号;电话:8000123)。", [("address", "虚路2号"), ("phone", "8000123")]),
    ("如有疑问，请与党政办联系。\n电话：80001234\n邮编：214400", [("phone", "80001234"), ("postcode", "214400")]),
    ("如有疑问，请与党政办联系，电话/传真：80001234。", [("fax", "80001234"), ("phone", "80001234")]),
    ("如有疑问，请与党政办联系，网址：www.example.gov.cn，电话：80001234。",
     [("website", "www.example.gov.cn"), ("phone", "80001234")]),
    ("联系单位：镇党政办；地址：祝塘镇虚路1号；电话：0513—84500000转806。",
     [("address", "祝塘镇虚路1号"), ("phone", "0513-84500000转806")]),
    ("统计时限：2013年1月1日—12月31日。咨询电话0510-87800000。", [("phone", "0510-87800000")]),
    ("对报告有意见，请致函综合办（莲湖区虚路65号，电话029-87300000）。",
     [("address", "莲湖区虚路65号"), ("phone", "029-87300000")]),
    ("咨询请打0930-5620000。", [("phone", "0930-5620000")]),
    ("如有疑问，请与党政办联系，电话：33134800－30711。", [("phone", "33134800-30711")]),
    ("联系人：局办公室钟小姐，电邮：zt＠example.cn。", [("name", "钟小姐"), ("email", "zt@example.cn")]),
    ("可在市政府网站（http：//www.example.gov.cn）查阅。", [("website", "http://www.example.gov.cn")]),
    ("下载地址http://example.gov.cn/a，电话80001234，地址祝塘镇虚路3号。",
     [("phone", "80001234"), ("address", "祝塘镇虚路3号")]),
    ("数据截至20171231日。", []),
    ("举报电话：0510-80001234。", []),
    ("咨询热线12345共接到来电50个。", []),
    ("技术支持：某公司 电话：80001234 网站标识码：3202810001", []),
    ("主办：祝塘镇人民政府 苏ICP备05000001号", []),
    ("如有疑问，请与党政办联系，电话：8000****。", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "contacts"), CONTACTS)
def test_contacts(sentence: str, contacts: list[tuple[str, str]]) -> None:
    text = HEAD + sentence + BODY
    found = read(text).contacts
    assert [(contact.kind, contact.value) for contact in found] == contacts
    for contact in found:
        assert text[contact.start : contact.end] == contact.text


def test_contacts_by_the_signature() -> None:
    text = HEAD + BODY * 3 + "祝塘镇人民政府\n2018年1月5日\n联系电话：80001234\n网站标识码：3202810001 技术支持电话：80009999"
    assert [(c.kind, c.value) for c in read(text).contacts] == [("phone", "80001234")]


@pytest.mark.parametrize(
    ("sentence", "contacts"),
    [
        ("本报告可在便民中心查阅，也可拨打023-74600000索取。", [("phone", "023-74600000")]),
        ("咨询电话：0510-80001234。", [("phone", "0510-80001234")]),
        ("设立举报电话0510-80001234，方便群众。", []),
        ("受理申请的电话为0510-80001234。", []),
        ("全年热线电话80001234接听50次。", []),
    ],
)
def test_contacts_in_the_body(sentence: str, contacts: list[tuple[str, str]]) -> None:
    text = HEAD + BODY + "我镇稳步开展工作。\n" + sentence + "\n三、其他\n无。\n" + BODY
    assert [(contact.kind, contact.value) for contact in read(text).contacts] == contacts


# ---------------------------------------------------------------- any text

_PIECES = st.sampled_from(
    [HEAD, BODY, "祝塘镇", "2017年", "1月", "31日", "至", "统计期限", "报告", "政府信息公开", "街道", "县", "，", "。", "\n", "　", " ",
     "（", "）", "电话：", "0510-", "80001234", "请与", "联系", "疑问", "鎮", "報(bào)", "二〇一", "\x00", "\u200b", ">", "-", "《", "》"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_gives_metadata_with_right_offsets(text: str) -> None:
    found = read(text)
    for contact in found.contacts:
        assert text[contact.start : contact.end] == contact.text
    for span in (found.title_span, found.period_span):
        assert span is None or text[span.start : span.end] == span.text


@pytest.mark.parametrize("text", ["", "\n", " ", "　\n　", "报告", "2017", "镇", "街道", "县"])
def test_next_to_nothing_gives_nothing(text: str) -> None:
    found = read(text)
    assert (found.title, found.period, found.issued, found.contacts) == (None, None, None, ())
