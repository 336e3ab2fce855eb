"""Notebooks made by tests."""

import io
import json
from typing import Any

from PIL import Image, ImageDraw


def notebook_of(*sources: str, outputs: dict[int, list[dict[str, Any]]] | None = None) -> str:
    """Return a Python notebook with these code cells as JSON text."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "metadata": {},
            "execution_count": index + 1,
            "source": source,
            "outputs": (outputs or {}).get(index, []),
        }
        for index, source in enumerate(sources)
    ]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python", "version": "3.11.7"},
    }
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(document)


def stream(text: str) -> dict[str, Any]:
    """Return a recorded stdout output."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def picture(colour: str = "navy", size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a small PNG with a line in it."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).line((4, 4, size[0] - 6, size[1] - 8), fill=colour, width=2)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
