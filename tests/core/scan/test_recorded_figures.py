"""What recorded figures say of the defaults they were drawn with."""

import base64
import io

import pytest
from PIL import Image, PngImagePlugin

from recrate.model.figures import drawn_by, figure_dots


def notebook(*told, code="plt.plot(x)"):
    outputs = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"image/png": "iVBORw0KGgo=", "text/plain": text},
        }
        for text in told
    ]
    cell = {"cell_type": "code", "source": code, "metadata": {}, "outputs": outputs}
    return {"cells": [cell], "metadata": {}}


def size(width, height):
    return f"<Figure size {width}x{height} with 1 Axes>"


@pytest.mark.parametrize(
    ("told", "dots"),
    [
        ([size(432, 288)], 72),
        ([size(640, 480)], 100),
        ([size(1000, 500), size(640, 480)], 100),
        ([size(432, 288), size(1000, 500)], 72),
        ([size(432, 288), size(640, 480)], None),
        ([size(864, 360), "<Figure size 576x576 with 4 Axes>"], 72),
        ([size(1000, 600)], 100),
        ([size(900, 450)], None),
        ([size(900, 540)], None),  # 9 × 5.4 inches at 100
        ([size(720, 360)], None),
        ([size(720, 576)], 72),
        ([size(720, 576), size(1000, 610)], None),
        ([size(701, 333)], None),
        ([size("9" * 5000, 288)], None),
        (["<matplotlib.figure.Figure at 0x7f3a2c>"], 72),
        ([["<Figure size ", "432x288 with 1 Axes>"]], 72),
        (["<seaborn.axisgrid.FacetGrid at 0x7f3a2c>"], None),
        ([], None),
    ],
)
def test_the_size_beside_a_picture_tells_its_dots(told, dots):
    assert figure_dots(notebook(*told)) == dots


def test_a_notebook_that_sets_the_dots_itself_tells_only_by_the_usual_size():
    assert figure_dots(notebook(size(864, 360), code="plt.figure(dpi=72)")) is None
    assert figure_dots(notebook(size(432, 288), code="plt.savefig('a.png', dpi=300)")) == 72


def test_a_text_without_a_picture_tells_nothing():
    found = notebook(size(432, 288))
    del found["cells"][0]["outputs"][0]["data"]["image/png"]
    assert figure_dots(found) is None
    found["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    assert figure_dots(found) is None
    found["cells"].insert(0, {"cell_type": "markdown", "source": "a", "metadata": {}})
    assert figure_dots(found) is None


def png(software):
    told = PngImagePlugin.PngInfo()
    told.add_text("Software", software)
    content = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(content, "PNG", pnginfo=told)
    return base64.b64encode(content.getvalue()).decode()


def test_the_newest_matplotlib_that_pictures_name_is_found():
    found = notebook("a", "b", "c", "d")
    pictures = [one["data"] for one in found["cells"][0]["outputs"]]
    pictures[0]["image/png"] = png("matplotlib version 3.3.3, https://matplotlib.org/")
    pictures[1]["image/png"] = png("Matplotlib version3.10.1, https://matplotlib.org/")
    pictures[2]["image/svg+xml"] = "<svg><!-- Created with Matplotlib v3.9.0 --></svg>"
    assert drawn_by(found) == "3.10.1"
    pictures[1]["image/png"] = png("gnuplot 3.99")
    assert drawn_by(found) == "3.9.0"
    assert drawn_by(notebook()) == ""


def test_a_matplotlib_of_later_has_no_old_backend_beside_it():
    found = notebook(size(864, 324))
    assert figure_dots(found) == 72
    found["cells"][0]["outputs"][0]["data"]["image/png"] = png("Matplotlib version3.9.1")
    assert figure_dots(found) is None
