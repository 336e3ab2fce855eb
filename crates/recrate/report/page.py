"""A verdict and all behind it as one self-contained HTML page."""

from importlib import resources

from jinja2 import DictLoader, Environment

from recrate.report.account import Account


def render_page(account: Account) -> str:
    """Return `report.html`: opens offline, asks nothing of the network, runs no foreign code."""
    folder = resources.files("recrate.report").joinpath("templates")
    source = folder.joinpath("page.html").read_text("utf-8")
    environment = Environment(loader=DictLoader({"page.html": source}), autoescape=True)
    return environment.get_template("page.html").render(account=account, verdict=account.verdict)
