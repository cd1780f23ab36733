"""What every page must be, whatever it shows."""

from bs4 import BeautifulSoup
from django.http import HttpResponse


def read(answer: HttpResponse, status: int = 200) -> BeautifulSoup:
    """This will parse a page and check what every page must have."""
    assert answer.status_code == status, (answer.status_code, answer.content[:2000].decode(errors="replace"))
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.html is not None
    assert page.html.get("lang")
    assert page.title is not None
    assert page.title.get_text(strip=True).strip("– ")
    headings = [heading.get_text(" ", strip=True) for heading in page.find_all("h1")]
    assert len(headings) == 1, headings
    assert headings[0]
    assert page.select_one('a.skip-link[href="#content"]') is not None
    assert page.select_one("main#content") is not None
    ids = [element["id"] for element in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids)), "an id stands twice"
    for field in page.select("input:not([type=hidden]):not([type=submit]), select, textarea"):
        has_label = page.select_one(f'label[for="{field.get("id")}"]') is not None or field.get("aria-label")
        assert has_label, f"{field} has no label"
    for link in page.select('a[href^="#"]'):
        target = str(link["href"])[1:]
        assert page.find(id=target) is not None, f"{link} leads nowhere"
    assert page.select("[style]") == [], "styles stand in the style sheet"
    for script in page.select("script"):
        assert script.get("src") or script.get("type") == "application/json", "no script stands in a page"
    return page


def text(page: BeautifulSoup) -> str:
    """This will give what a reader sees, with single blanks."""
    return " ".join(page.get_text(" ", strip=True).split())


def errors(page: BeautifulSoup) -> list[str]:
    """This will give the lines of the error summary."""
    return [" ".join(item.get_text(" ", strip=True).split()) for item in page.select(".error-summary li")]
