"""What the page of a campaign acts by: our own scripts, and Chart.js where it was built.

Nothing here is run by Python, and the page joins the scripts into one, in this order.
"""

SCRIPTS = (
    "campaign_words.js",
    "campaign_rows.js",
    "campaign_table.js",
    "campaign_figures.js",
    "campaign_charts.js",
    "campaign.js",
)
"""Files of this package that together are the page's script."""

CHART_LIBRARY = "chart.umd.js"
"""File of this package that `npm run build:charts` makes; without it, charts are tables."""
