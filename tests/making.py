"""Notebooks made by tests."""

import json
from typing import Any


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
