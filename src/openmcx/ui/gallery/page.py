"""The page and the way around it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from openmcx.ui.gallery import Component, Example, Group, tag
from openmcx.ui.templatetags import ui

LONG = "Introduction to the Sustainable Management of Northern Forests and Peatlands for Practitioners"


def _navigation() -> Mapping[str, object]:
    names = ("Issuing", "Micro-credentials", "Catalogue", "Check a credential", "Institutions")
    items = [(SimpleNamespace(label=name, url=f"#{number}"), number == 0) for number, name in enumerate(names)]
    return {"items": items, "nav_label": "Example"}


COMPONENTS: tuple[Component, ...] = (
    tag(
        ui.page_head,
        group=Group.PAGE,
        is_block=True,
        docs={
            "heading": "the text of the heading",
            "lead": "one sentence that says what the page is for",
            "kicker": "a short line above: what kind of thing this is, or the step of how many",
            "lang": "the language of the heading when it is not the page's",
            "level": "1 for the page itself; 2 or 3 where a head stands inside a page",
        },
        examples=(
            Example(name="heading-alone", source='{% page_head "Signing keys" level=3 %}{% endpage_head %}'),
            Example(
                name="lead-and-actions",
                source='{% page_head "Issuing" level=3 lead="Upload the list of learners who passed." %}'
                '<a class="btn btn-primary" href="#a">{% icon "upload" %} Upload a class list</a>{% endpage_head %}',
            ),
            Example(
                name="everything-in-another-language",
                source='{% page_head title level=3 kicker="Micro-credential" lang="fi" lead="5 ECTS, EQF level 6" %}'
                '<a class="btn btn-secondary" href="#a">Preview</a> <a class="btn btn-primary" href="#b">Publish</a>'
                "{% endpage_head %}",
                context=lambda: {"title": "Johdatus pohjoisten metsien kestävään hoitoon"},
            ),
            Example(
                name="long-heading",
                source="{% page_head title level=3 %}{% endpage_head %}",
                context=lambda: {"title": LONG},
            ),
        ),
        templates=("page_head.html",),
    ),
    tag(
        ui.main_navigation,
        name="role-navigation",
        group=Group.PAGE,
        docs={},
        summary="The entries that the apps offer to whoever made this request, by role; part of the base template.",
        examples=(
            Example(
                name="registrar",
                source='<div class="site-header"><div class="site-header-inner">'
                '{% include "ui/components/main_navigation.html" %}</div></div>',
                context=_navigation,
                note="The first entry is the current page. Apps offer entries through the slot ui.navigation.",
            ),
        ),
        templates=("main_navigation.html",),
    ),
    tag(
        ui.breadcrumbs,
        group=Group.PAGE,
        docs={"labels_and_urls": "label, address, label, address …; the last label has no address: it is this page"},
        examples=(
            Example(name="two-steps", source='{% breadcrumbs "Catalogue" "#a" "Forest soils" %}'),
            Example(
                name="many-steps",
                source='{% breadcrumbs "Micro-credentials" "#a" title "#b" "Section 3" "#c" "Changes" %}',
                context=lambda: {"title": LONG},
            ),
        ),
        templates=("breadcrumbs.html",),
    ),
    tag(
        ui.header_links,
        group=Group.PAGE,
        docs={},
        examples=(
            Example(
                name="three-wait",
                source='{% include "ui/components/header_links.html" %}',
                context=lambda: {"links": [SimpleNamespace(label="3 unread", url="#bell", icon="bell", count=3)]},
            ),
            Example(
                name="nothing-waits",
                source='{% include "ui/components/header_links.html" %}',
                context=lambda: {"links": [SimpleNamespace(label="Notifications", url="#b", icon="bell", count=0)]},
            ),
        ),
        templates=("header_links.html",),
    ),
    tag(
        ui.account_menu,
        group=Group.PAGE,
        docs={},
        examples=(
            Example(name="visitor", source='{% include "ui/components/account_menu.html" with user=None %}'),
            Example(
                name="signed-in",
                source='{% include "ui/components/account_menu.html" with user="Rita Registrar" %}',
            ),
        ),
        templates=("account_menu.html",),
    ),
    tag(
        ui.footer_links,
        group=Group.PAGE,
        docs={},
        examples=(
            Example(
                name="with-legal-pages",
                source='{% include "ui/components/footer_links.html" %}',
                context=lambda: {"links": [SimpleNamespace(label="Legal notice", url="#a")]},
                note="Apps add links through the slot ui.footer.",
            ),
        ),
        templates=("footer_links.html",),
    ),
    tag(
        ui.language_switch,
        group=Group.PAGE,
        docs={},
        examples=(Example(name="in-the-footer", source="{% language_switch %}"),),
        templates=("language_switch.html",),
    ),
    tag(
        ui.theme_switch,
        group=Group.PAGE,
        docs={},
        examples=(
            Example(
                name="in-the-footer",
                source="{% theme_switch %}",
                note="A cookie is set only when somebody chooses light or dark, and taken away with “As on my device”.",
            ),
        ),
        templates=("theme_switch.html",),
    ),
    tag(
        ui.theme_attribute,
        group=Group.PAGE,
        docs={},
        examples=(Example(name="nothing-to-see", source="<p>On the root element:{% theme_attribute %}</p>"),),
    ),
    tag(
        ui.color_scheme,
        group=Group.PAGE,
        docs={},
        examples=(Example(name="nothing-to-see", source="<p>{% color_scheme %}</p>"),),
    ),
    tag(
        ui.error_mark,
        group=Group.PAGE,
        docs={},
        examples=(Example(name="nothing-to-see", source="<p>In the title: {% error_mark %}New account</p>"),),
    ),
    tag(
        ui.logo,
        group=Group.PAGE,
        docs={},
        examples=(Example(name="mark", source="{% logo %}"),),
        templates=("logo.html",),
    ),
    tag(
        ui.network_name,
        group=Group.PAGE,
        docs={},
        examples=(Example(name="text", source="<p>{% network_name %}</p>"),),
    ),
    tag(
        ui.page_link,
        group=Group.PAGE,
        docs={"url_name": "the name of the address", "text": "the text of the link"},
        examples=(
            Example(name="a-page-of-this-node", source='<p>{% page_link "ui:gallery" "Gallery" %}</p>'),
            Example(
                name="a-page-that-is-not-there",
                source='<p>Nothing follows: {% page_link "nowhere:at-all" "Nothing" %}</p>',
            ),
        ),
    ),
)
