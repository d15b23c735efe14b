"""Headings, levels and kinds, on invented reports; the expected trees were written by hand from output.md.

A case is a text and its headings, one a line: ``level heading [kind] [>]``, where ``>`` marks a lead that
runs into its paragraph.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govie.readers import read_text
from govie.sections import find_sections, flatten, heading_kinds, section_at

BODY = "我乡按要求办理了这方面的事。"


def outline(text: str, tables: tuple[str, ...] = ()) -> list[str]:
    """Return the headings of ``text`` in the notation of the cases; ``tables`` are pieces of it that are tables."""
    spans = [(text.index(table), text.index(table) + len(table)) for table in tables]
    sections = find_sections(read_text(text), spans)
    lines = []
    for section in flatten(sections):
        kinds = "+".join(section.kinds)
        lines.append(f"{section.level} {section.heading}" + (f" [{kinds}]" if kinds else "") + (" >" if section.run_in else ""))
    return lines


CASES = {
    "han": (
        f"一、概述\n{BODY}\n二、主动公开政府信息的情况\n{BODY}\n三、其他需要报告的事项\n无",
        ["1 概述 [overview]", "1 主动公开政府信息的情况 [disclosure]", "1 其他需要报告的事项 [other]"],
    ),
    "paren_full_and_half": (
        f"一、总体情况\n（一）主动公开\n{BODY}\n(二)依申请公开\n{BODY}\n二、主动公开政府信息情况\n{BODY}",
        ["1 总体情况 [overview]", "2 主动公开", "2 依申请公开", "1 主动公开政府信息情况 [disclosure]"],
    ),
    "enclosed_ideographs": (
        f"一、概述\n㈠抓好组织领导\n{BODY}\n㈡落实经费\n{BODY}",
        ["1 概述 [overview]", "2 抓好组织领导", "2 落实经费"],
    ),
    "blanks_without_mark": (
        f"一  概  述\n{BODY}\n二  依申请公开情况\n{BODY}",
        ["1 概述 [overview]", "1 依申请公开情况 [requests]"],
    ),
    "full_stop_after_numeral": (
        f"一. 基本情况\n{BODY}\n二．咨询处理情况\n{BODY}",
        ["1 基本情况 [overview]", "1 咨询处理情况 [consultation]"],
    ),
    "half_bracket": (
        f"一）概述\n{BODY}\n二）收费及减免情况\n{BODY}",
        ["1 概述 [overview]", "1 收费及减免情况 [fees]"],
    ),
    "markdown": (
        f"## 一、概述\n{BODY}\n**二、主动公开情况**\n{BODY}\n**三、**依申请公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]", "1 依申请公开情况 [requests]"],
    ),
    "number_on_its_own_line": (
        f"一、\n概述\n{BODY}\n二、\n\n主动公开信息情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开信息情况 [disclosure]"],
    ),
    "number_with_a_lost_heading": (f"一、\n我街道成立了由主任任组长的班子。{BODY}{BODY}\n二、依申请公开情况\n{BODY}", ["1 依申请公开情况 [requests]"]),
    "heading_broken_in_two": (
        f"一、概述\n{BODY}\n五、因政府信息公开申请行政复议、提起\n行政诉讼的情况\n{BODY}",
        ["1 概述 [overview]", "1 因政府信息公开申请行政复议、提起行政诉讼的情况 [review_litigation]"],
    ),
    "parts_with_kinds": (
        f"第一部分 概述\n一、机构更加健全\n{BODY}\n第二部分　主动公开情况\n{BODY}\n第三部分：依申请公开情况\n{BODY}",
        ["1 概述 [overview]", "2 机构更加健全", "1 主动公开情况 [disclosure]", "1 依申请公开情况 [requests]"],
    ),
    "parts_that_only_group": (
        f"第一部分 全年工作\n一、概述\n（一）抓学习。{BODY}\n二、主动公开情况\n{BODY}\n三、收费情况\n{BODY}\n第二部分 数据\n{BODY}",
        ["1 全年工作", "2 概述 [overview]", "3 抓学习 >", "2 主动公开情况 [disclosure]", "2 收费情况 [fees]", "1 数据"],
    ),
    "digits_on_top": (
        f"1、总体情况\n{BODY}\n2、主动公开政府信息情况\n{BODY}\n3、存在的问题和改进措施\n{BODY}",
        ["1 总体情况 [overview]", "1 主动公开政府信息情况 [disclosure]", "1 存在的问题和改进措施 [problems]"],
    ),
    "digit_styles": (
        f"一、概述\n（一）抓队伍\n1.专人办\n{BODY}\n2．专网报\n{BODY}\n①每周一查。{BODY}\n",
        ["1 概述 [overview]", "2 抓队伍", "3 专人办", "3 专网报", "4 每周一查 >"],
    ),
    "run_in_levels": (
        f"一、存在的主要问题及改进情况\n（一）加强领导。{BODY}\n（二）细化目录：{BODY}",
        ["1 存在的主要问题及改进情况 [problems]", "2 加强领导 >", "2 细化目录 >"],
    ),
    "lead_closed_by_a_stop_on_its_line": (
        f"一、概述\n（一）健全机制，责任到人。\n{BODY}",
        ["1 概述 [overview]", "2 健全机制，责任到人"],
    ),
    "problems_split_on_level_1": (
        f"六、存在的主要问题\n{BODY}\n七、下一步工作打算\n{BODY}",
        ["1 存在的主要问题 [problems.issues]", "1 下一步工作打算 [problems.measures]"],
    ),
    "problems_split_on_level_2": (
        f"五、存在的问题及改进情况\n（一）存在的问题。{BODY}\n（二）改进措施：\n{BODY}",
        ["1 存在的问题及改进情况 [problems]", "2 存在的问题 [problems.issues] >", "2 改进措施 [problems.measures]"],
    ),
    "issue_sentence_is_no_kind": (
        f"五、存在的问题及改进情况\n（一）更新频次存在不足。{BODY}\n",
        ["1 存在的问题及改进情况 [problems]", "2 更新频次存在不足 >"],
    ),
    "parts_of_overview_have_no_kind": (
        f"一、总体情况\n（一）存在的问题\n{BODY}\n二、主动公开政府信息情况\n{BODY}",
        ["1 总体情况 [overview]", "2 存在的问题", "1 主动公开政府信息情况 [disclosure]"],
    ),
    "two_kinds": (
        f"一、概述\n{BODY}\n四、收费及行政复议情况\n{BODY}",
        ["1 概述 [overview]", "1 收费及行政复议情况 [fees+review_litigation]"],
    ),
    "numbered_annex": (f"一、概述\n{BODY}\n八、附件\n{BODY}", ["1 概述 [overview]", "1 附件 [annex]"]),
    "bare_annex_line": (f"一、概述\n{BODY}\n附件：\n附表1\n{BODY}", ["1 概述 [overview]"]),
    "introductions": (
        f"引  言\n{BODY}\n编制说明\n{BODY}\n一、概述\n{BODY}",
        ["1 引言", "1 编制说明", "1 概述 [overview]"],
    ),
    "unnumbered": (
        f"概述\n{BODY}\n主动公开政府信息情况\n{BODY}\n依申请公开情况：\n{BODY}\n存在的主要问题及改进措施\n{BODY}",
        [
            "1 概述 [overview]",
            "1 主动公开政府信息情况 [disclosure]",
            "1 依申请公开情况 [requests]",
            "1 存在的主要问题及改进措施 [problems]",
        ],
    ),
    "one_number_forgotten": (
        f"一、概述\n{BODY}\n二、主动公开情况\n{BODY}\n收费及减免情况\n{BODY}\n四、其他事项\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]", "1 收费及减免情况 [fees]", "1 其他事项 [other]"],
    ),
    "halves_without_numbers": (
        f"一、概述\n{BODY}\n五、存在的问题及改进措施\n存在的问题：\n{BODY}\n改进措施：\n{BODY}",
        [
            "1 概述 [overview]",
            "1 存在的问题及改进措施 [problems]",
            "2 存在的问题 [problems.issues]",
            "2 改进措施 [problems.measures]",
        ],
    ),
    "unnumbered_lead_with_text": (f"一、概述\n{BODY}\n存在的问题：更新不及时。\n", ["1 概述 [overview]"]),
    "wrong_numbering": (
        f"一、概述\n{BODY}\n三、主动公开情况\n{BODY}\n三、依申请公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]", "1 依申请公开情况 [requests]"],
    ),
    "shi_items": (f"一、概述\n一是抓学习。{BODY}\n二是抓公开。{BODY}\n首先，{BODY}", ["1 概述 [overview]"]),
    "semicolon_items": (
        "一、存在的问题\n1、公开栏目不够全；\n2、查阅点不够多；\n3、人手紧张。\n二、改进措施\n无",
        ["1 存在的问题 [problems.issues]", "1 改进措施 [problems.measures]"],
    ),
    "data_items": (
        "一、主动公开情况\n1、规划类6条；\n2、动态类12条。\n3、政策类：7条\n①计划类6条，占6.4%；\n②人事类9条，占9.6%。",
        ["1 主动公开情况 [disclosure]"],
    ),
    "long_paragraph_without_stop": (
        "一、概述\n1、要在乡直各单位、各村和各居委会当中继续把公开条例的学习和宣传当作一件经常要做的大事来抓好抓实，不留空白\n",
        ["1 概述 [overview]"],
    ),
    "numbers_inside_a_paragraph": (
        f"一、主动公开情况\n内容有：（1）机构职能；（2）规划。一、机构；二、规划。{BODY}\n二、依申请公开情况\n{BODY}\n三、收费情况\n{BODY}",
        ["1 主动公开情况 [disclosure]", "1 依申请公开情况 [requests]", "1 收费情况 [fees]"],
    ),
    "request_rows_without_a_span": (
        "三、收到和处理政府信息公开申请情况\n一、本年新收政府信息公开申请数量\n0\n（一）予以公开\n0\n1.属于国家秘密\n0\n四、结转下年度继续办理\n0\n",
        ["1 收到和处理政府信息公开申请情况 [requests]"],
    ),
    "rows_with_tabs": ("一、主动公开情况\n（一）全年公开数\t条\t9\n1.网站\t条\t3\n", ["1 主动公开情况 [disclosure]"]),
    "bars_of_a_converter": (
        f"一、总体情况 |\n{BODY}\n二、主动公开政府信息情况\n|\n第二十条第（一）项 |\n|\n规章 |\n四、行政复议数量\n|\n件\n|\n0\n",
        ["1 总体情况 [overview]", "1 主动公开政府信息情况 [disclosure]"],
    ),
    "rows_one_cell_a_line": (f"一、概述\n{BODY}\n四、行政复议数量\n件\n0\n五、行政诉讼数量\n件\n0", ["1 概述 [overview]"]),
    "contents": (
        f"目录\n一、概述\n二、主动公开情况\n三、收费情况\n\n本报告按条例编制。\n一、概述\n{BODY}\n二、主动公开情况\n{BODY}\n三、收费情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]", "1 收费情况 [fees]"],
    ),
    "contents_with_page_numbers": (
        f"一、概述……1\n二、主动公开情况……2\n一、概述\n{BODY}\n二、主动公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]"],
    ),
    "names_in_the_introduction": (
        f"本报告由概述、主动公开情况、收费情况等部分组成。\n一、概述\n{BODY}\n二、主动公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]"],
    ),
    "one_line": (
        "本乡报告如下：一、概述 全年我乡重视公开。（一）抓领导。成立班子。（二）抓培训。办班两期。二、主动公开情况 公开信息40条。"
        "三、依申请公开情况 没有收到申请。四、收费及减免情况 无。五、存在的问题及改进措施：更新慢，将改进。",
        [
            "1 概述 [overview] >",
            "2 抓领导 >",
            "2 抓培训 >",
            "1 主动公开情况 [disclosure] >",
            "1 依申请公开情况 [requests] >",
            "1 收费及减免情况 [fees] >",
            "1 存在的问题及改进措施 [problems] >",
        ],
    ),
    "one_line_after_a_list_of_names": (
        "本报告分为：一、概述；二、主动公开情况；三、收费情况。现报告如下。一、概述 全年我乡十分重视公开这件事，班子专题研究。"
        "二、主动公开情况 公开信息40条，其中网站上30条。三、收费情况 没有收取费用，也没有减免的事项。",
        ["1 概述 [overview] >", "1 主动公开情况 [disclosure] >", "1 收费情况 [fees] >"],
    ),
    "level_1_run_in": (
        f"一、概述：{BODY}\n二、主动公开情况。{BODY}\n三、依申请公开情况 2016年我乡没有收到这样的申请。\n四、收费情况2016年我乡没有收取任何费用。",
        [
            "1 概述 [overview] >",
            "1 主动公开情况 [disclosure] >",
            "1 依申请公开情况 [requests] >",
            "1 收费情况 [fees] >",
        ],
    ),
    "dates_are_no_numbers": (f"一、概述\n{BODY}\n二〇一七年三月\n二0一八年一月五日\n2018.1.5\n12：30", ["1 概述 [overview]"]),
    "traditional_characters_with_readings": (
        "現報(bào)告如下： 一、政府信息主動公開情況 去年我鄉公開，數(shù)量4件。 二、依申請公開情況 沒有。 三、收費(fèi)情況 沒有。",
        ["1 政府信息主動公開情況 [disclosure] >", "1 依申請公開情況 [requests] >", "1 收費(fèi)情況 [fees] >"],
    ),
    "line_breaks_lost_after_headings": (
        f"一、总体情况 2020年我乡按条例编制本报告。（一）主动公开情况 全年50条。（二）监督保障。开会。\n二、主动公开政府信息情况\n{BODY}",
        [
            "1 总体情况 [overview] >",
            "2 主动公开情况 >",
            "2 监督保障 >",
            "1 主动公开政府信息情况 [disclosure]",
        ],
    ),
    "menus_are_no_headings": (
        f"首页\n政策解读\n依申请公开\n互动交流\n一、总体情况\n{BODY}\n二、收费情况\n{BODY}\n上一篇\n信息公开指南",
        ["1 总体情况 [overview]", "1 收费情况 [fees]"],
    ),
    "digits_with_a_blank": (f"1 总体情况\n{BODY}\n2 主动公开政府信息情况\n{BODY}\n3 月里开会", [
        "1 总体情况 [overview]",
        "1 主动公开政府信息情况 [disclosure]",
    ]),
    "no_mark_at_all": (
        f"一概述\n{BODY}\n二主动公开情况\n{BODY}\n三公经费情况\n一般情况",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]"],
    ),
    "mark_on_the_second_line": (f"一\n、概述\n{BODY}", ["1 概述 [overview]"]),
    "numbers_that_start_anew_inside_a_section": (
        f"一、概述\n{BODY}\n二、存在的问题和改进措施\n一、人手少。{BODY}\n二、更新慢。{BODY}\n三、其他事项\n无",
        ["1 概述 [overview]", "1 存在的问题和改进措施 [problems]", "2 人手少 >", "2 更新慢 >", "1 其他事项 [other]"],
    ),
    "contents_with_semicolons": (
        f"本报告包括：\n一、概述；\n二、收费情况。\n\n一、概述\n{BODY}\n二、收费情况\n{BODY}",
        ["1 概述 [overview]", "1 收费情况 [fees]"],
    ),
    "paren_on_top": (
        f"现报告如下：\n（一）主动公开情况\n{BODY}\n（二）依申请公开情况\n{BODY}\n1、来函申请。{BODY}",
        ["1 主动公开情况 [disclosure]", "1 依申请公开情况 [requests]", "2 来函申请 >"],
    ),
    "mark_after_the_bracket": (f"一、概述\n（一）、抓机构。{BODY}\n（二）、抓制度\n{BODY}", ["1 概述 [overview]", "2 抓机构 >", "2 抓制度"]),
    "slogans_have_no_kind": (
        f"一、加强组织领导，完善机构建设\n{BODY}\n二、今后工作打算\n{BODY}",
        ["1 加强组织领导，完善机构建设", "1 今后工作打算 [problems.measures]"],
    ),
    "colon_and_number": (f"一、概述\n{BODY}\n二、依申请公开情况：0件\n（一）申请数量：0件\n", ["1 概述 [overview]", "1 依申请公开情况 [requests] >"]),
    "parts_of_overview_without_numbers": (
        f"一、总体情况\n主动公开情况\n{BODY}\n二、主动公开政府信息情况\n{BODY}",
        ["1 总体情况 [overview]", "2 主动公开情况", "1 主动公开政府信息情况 [disclosure]"],
    ),
    "one_line_break_left": (
        f"本报告由街道编制。联系电话：5550123。 一、总体情况 2021年，我街道按条例办事。（一）主动公开。公开9条。（二）依申请公开。没有。\n"
        f"二、主动公开政府信息情况\n{BODY}\n三、收到和处理政府信息公开申请情况\n{BODY}",
        [
            "1 总体情况 [overview] >",
            "2 主动公开 >",
            "2 依申请公开 >",
            "1 主动公开政府信息情况 [disclosure]",
            "1 收到和处理政府信息公开申请情况 [requests]",
        ],
    ),
    "a_number_between_two_lines": (
        f"一、概述\n{BODY} 二、主动公开情况 全年公开9条。\n三、收费情况\n{BODY} 四、其他需要报告的事项 无。",
        [
            "1 概述 [overview]",
            "1 主动公开情况 [disclosure] >",
            "1 收费情况 [fees]",
            "1 其他需要报告的事项 [other] >",
        ],
    ),
    "first_heading_glued_to_the_introduction": (
        f"本报告可在网上下载（电话：5550123）。一、总体情况\n（一）主动公开情况。\n{BODY}\n（二）监督保障情况。\n{BODY}",
        ["1 总体情况 [overview] >", "2 主动公开情况", "2 监督保障情况"],
    ),
    "heading_with_words_in_brackets": (
        "编制如下。 一、概述（2016年工作开展情况） 我办指定专人。 二、主动公开情况（无） 全年没有。",
        ["1 概述（2016年工作开展情况） [overview] >", "1 主动公开情况 [disclosure] >"],
    ),
    "names_in_a_paragraph_are_no_headings": (
        f"一、概述\n报告分为：一、概述；二、主动公开情况；三、收费情况。一、二两条由民政办负责。\n二、主动公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]"],
    ),
    "parts_inside_a_paragraph_of_a_text_with_lines": (
        f"一、概述\n我们抓了两件事。（一）抓领导。成立了班子。（二）抓培训。办班两期。\n二、主动公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]"],
    ),
    "running_heading_longer_than_its_known_words": (
        "报告如下。 一、概述 我乡抓得紧。 二、主动公开情况 （一）公开内容。有文件。（二）政府信息公开方式。上网。 三、收费情况 没有收取。",
        [
            "1 概述 [overview] >",
            "1 主动公开情况 [disclosure] >",
            "2 公开内容 >",
            "2 政府信息公开方式 >",
            "1 收费情况 [fees] >",
        ],
    ),
    "list_without_bodies": (
        f"一、主动公开情况\n（一）公开的内容\n1、本乡机构和职责\n2、财政收支\n3、救灾款物\n（二）公开的形式\n1、网站。{BODY}\n二、其他事项\n无",
        ["1 主动公开情况 [disclosure]", "2 公开的内容", "2 公开的形式", "3 网站 >", "1 其他事项 [other]"],
    ),
    "links_under_the_report": (
        f"一、概述\n{BODY}\n二、其他事项\n暂无。\n相关链接：\n1.防汛通告\n2.招聘启事\n3.停水通知",
        ["1 概述 [overview]", "1 其他事项 [other]"],
    ),
    "sentences_with_nothing_under_them": (
        "一、改进措施\n1、每个季度由分管领导带队到各村检查公开栏的更新。\n2、督促各站所按月把应当公开的材料送到办公室。\n二、其他事项\n无",
        ["1 改进措施 [problems.measures]", "1 其他事项 [other]"],
    ),
    "collection_of_reports": (
        f"第一篇：某街道2012年政府信息公开年度报告\n一、概述\n{BODY}\n二、主动公开情况\n{BODY}",
        ["1 概述 [overview]", "1 主动公开情况 [disclosure]"],
    ),
    "bullets": (
        "●主动公开情况\n全年9条。\n●复议诉讼情况\n没有。\n●问题\n字小，看不清。\n●打算\n换大字。",
        ["1 主动公开情况 [disclosure]", "1 复议诉讼情况 [review_litigation]", "1 问题 [problems.issues]", "1 打算 [problems.measures]"],
    ),
    "in_the_clerks_own_words": (
        "主动公开了什么\n全年贴出9条。\n申请公开的\n无。\n问题与打算\n人手少，明年补齐。\n复议和应诉\n没有发生。",
        [
            "1 主动公开了什么 [disclosure]",
            "1 申请公开的 [requests]",
            "1 问题与打算 [problems]",
            "1 复议和应诉 [review_litigation]",
        ],
    ),
    "one_loose_line_is_no_heading": (f"互动交流\n{BODY}{BODY}\n依申请公开\n某乡2016年政府信息公开年报\n{BODY}", []),
    "paren_under_lines_without_numbers": (
        f"概述\n{BODY}\n主动公开政府信息情况\n（一）主动公开的数量\n{BODY}\n（二）主动公开的类别\n1、机构职能\n{BODY}",
        [
            "1 概述 [overview]",
            "1 主动公开政府信息情况 [disclosure]",
            "2 主动公开的数量",
            "2 主动公开的类别",
            "3 机构职能",
        ],
    ),
    "two_headings_on_two_lines_are_not_one": (
        f"第六部分 不足与改进\n主要不足\n{BODY}\n改进办法\n{BODY}",
        ["1 不足与改进 [problems]", "2 主要不足 [problems.issues]", "2 改进办法 [problems.measures]"],
    ),
    "answer_behind_the_heading": (
        f"一、其他事项\n（一）信息处理费收取情况：0元。\n（二）申请数量：0件\n{BODY}",
        ["1 其他事项 [other]", "2 信息处理费收取情况 >"],
    ),
    "gap_and_loose_words": (
        f"一 概述\n{BODY}\n二 问题和改进\n{BODY}\n三  其他\n{BODY}",
        ["1 概述 [overview]", "1 问题和改进 [problems]", "1 其他 [other]"],
    ),
    "annex_beside_a_grouping_part": (
        f"第一部分 文字说明\n一、概述\n{BODY}\n二、收费情况\n{BODY}\n第二部分 统计数据\n{BODY}",
        ["1 文字说明", "2 概述 [overview]", "2 收费情况 [fees]", "1 统计数据 [annex]"],
    ),
    "ordinals": (
        f"第一、概况\n{BODY}\n第二、主动公开\n{BODY}\n第三、其它\n第一，要抓学习。{BODY}",
        ["1 概况 [overview]", "1 主动公开 [disclosure]", "1 其它 [other]"],
    ),
    "ordinals_inside_a_section": (
        f"一、概况\n第一、主动公开\n{BODY}\n第二、依申请公开\n{BODY}\n二、收费情况\n{BODY}",
        ["1 概况 [overview]", "1 收费情况 [fees]"],
    ),
    "a_numeral_that_begins_a_word": (
        f"一年工作概述\n{BODY}\n主动公开情况\n{BODY}\n收费和减免\n{BODY}",
        ["1 一年工作概述 [overview]", "1 主动公开情况 [disclosure]", "1 收费和减免 [fees]"],
    ),
    "paren_right_under_parts": (
        f"第一部分 概述\n（一）抓领导。{BODY}\n第二部分 主动公开情况\n{BODY}",
        ["1 概述 [overview]", "2 抓领导 >", "1 主动公开情况 [disclosure]"],
    ),
    "empty": ("", []),
    "no_heading": (BODY * 3, []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_outline(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


def test_heading_over_a_table_that_starts_behind_a_bar() -> None:
    table = "行政复议 | 行政诉讼 |\n| 0 | 0 |"
    text = f"总体情况\n{BODY}\n政府信息公开行政复议、行政诉讼情况\n| {table}\n其他需要报告的事项\n无"
    assert "1 政府信息公开行政复议、行政诉讼情况 [review_litigation]" in outline(text, (table,))


def test_rows_inside_a_table_span_are_no_headings() -> None:
    table = "一、主动公开情况\n—\n（一）主动公开信息数\n9\n二、回应解读情况\n"
    text = f"一、概述\n{BODY}\n{table}"
    assert outline(text, (table,)) == ["1 概述 [overview]"]
    assert "1 回应解读情况 [response]" in outline(text)  # the last row has no cell after it


KINDS = {
    "政府信息公开工作总体情况": "overview",
    "主要工作情况": "overview",
    "工作总体推进情况": "overview",
    "政府信息公开类行政复议、行政诉讼和举报申诉等情况": "review_litigation+complaints",
    "咨询处理等相关政务公开工作情况": "consultation",
    "依申请公开政府信息及咨询受理情况": "requests+consultation",
    "政府信息主动公开情况": "disclosure",
    "信息公开情况": "disclosure",
    "政策解读和回应社会关切情况": "response",
    "依申请公开政府信息和不予公开政府信息的情况": "requests",
    "政府信息依申请公开办理情况": "requests",
    "收到和处理政府信息公开申请情况": "requests",
    "咨询处理情况": "consultation",
    "咨询和投诉情况": "consultation+complaints",
    "政府信息公开的收费及减免情况": "fees",
    "依申请公开信息收取的费用": "fees",
    "政府信息公开支出与收费情况": "fees",
    "因政府信息公开申请行政复议、提起行政诉讼情况": "review_litigation",
    "政府信息公开行政复议、行政诉讼情况": "review_litigation",
    "行政复议数量": "review_litigation",
    "复议、诉讼和申诉情况": "review_litigation",
    "举报投诉情况": "complaints",
    "机构建设和保障经费情况": "staffing",
    "机构建设和人员情况": "staffing",
    "会议和培训情况": "training",
    "政府信息公开工作存在的主要问题及改进情况": "problems",
    "主要困难和下一步打算": "problems",
    "存在问题及下一步工作计划": "problems",
    "存在的不足": "problems.issues",
    "下一步工作": "problems.measures",
    "2019年工作打算": "problems.measures",
    "改进措施": "problems.measures",
    "需要说明的其他事项": "other",
    "其他需要报告的事项": "other",
    "附表": "annex",
    "政府信息公开情况统计表": "annex",
    "重点领域信息公开情况": "",
    "问题和打算": "problems",
    "问题与下步举措": "problems",
    "工作中存在的问题和2013年打算": "problems",
    "存在問題及改善措施": "problems",
    "人员与培训": "staffing+training",
    "说明与附表": "other+annex",
    "一年来主要做法": "overview",
    "2017年工作回顾": "overview",
    "公开数量": "disclosure",
    "申请与答复": "requests",
    "党务公开情况": "",
    "院坝会": "",
}


@pytest.mark.parametrize(("heading", "expected"), KINDS.items(), ids=KINDS.keys())
def test_kinds(heading: str, expected: str) -> None:
    assert "+".join(heading_kinds(heading)) == expected


def test_offsets_numbers_and_ends() -> None:
    text = f"一、 概 述：\n{BODY}\n（一）抓领导。{BODY}\n二、附件"
    first, last = find_sections(read_text(text))
    (part,) = first.children
    assert (first.number, part.number, last.number) == ("一", "一", "二")
    assert text[first.heading_start : first.heading_end] == "概 述" and first.heading == "概述"
    assert first.start == 0 and first.end == last.start == text.index("二、")
    assert part.end == first.end and last.end == len(text)
    assert section_at((first, last), text.index("抓")) == part
    assert section_at((first, last), 1) == first
    assert section_at((last,), 0) is None


PIECES = st.sampled_from(
    ["一、概述", "（一）", "二、", "1、", "①", "\n", "\r\n", "。", "：", "；", " ", "\u3000", "\t", "|", "第一部分", "情况", "主动公开", "**", "##",
     "\x00", "\u2028", "9条", "附件", "……3", "我乡", "四、结转下年度继续办理", "二〇一七年", "存在的问题", "及", "改进措施"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=3))
def test_any_text_gives_a_valid_tree(text: str, spans: list[tuple[int, int]]) -> None:
    document = read_text(text)
    sections = find_sections(document, spans)
    last = 0
    for section in flatten(sections):
        assert last <= section.start <= section.heading_start < section.heading_end <= section.end <= len(document.text)
        last = section.start
        words = document.text[section.heading_start : section.heading_end]
        assert "".join(words.split()).replace("*", "").startswith(section.heading[:1])
        for child in section.children:
            assert child.level > section.level and section.start <= child.start and child.end <= section.end
