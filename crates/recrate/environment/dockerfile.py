"""A Dockerfile that gives the locked environment without conda."""

from recrate.environment.settings import EnvironmentSettings


def write_dockerfile(
    python: str, system_packages: tuple[str, ...], settings: EnvironmentSettings
) -> str:
    """Return the text of a Dockerfile to build in the crate's root folder."""
    lines = [f"FROM {settings.base_image.format(python=python)}"]
    if system_packages:
        names = " ".join(system_packages)
        lines.append(
            "RUN apt-get update && apt-get install --yes --no-install-recommends "
            f"{names} && rm -rf /var/lib/apt/lists/*"
        )
    lines += [
        "COPY recrate-environment/requirements.txt /tmp/requirements.txt",
        "RUN python -m pip install --no-cache-dir --no-deps -r /tmp/requirements.txt",
        "WORKDIR /study",
        "COPY . /study",
        'CMD ["python", "-m", "ipykernel_launcher"]',
    ]
    return "\n".join(lines) + "\n"
