"""A Dockerfile that gives the locked environment without conda."""

from recrate.environment.settings import EnvironmentSettings


def write_dockerfile(
    python: str, system_packages: tuple[str, ...], settings: EnvironmentSettings
) -> str:
    """Return the text of a Dockerfile to build in the crate's root folder.

    The image is of the minor version: images of single patch levels stand on systems whose
    packages can no longer be installed.
    """
    minor = ".".join(python.split(".")[:2])
    lines = [f"# Python {python}, as the lock says."]
    lines.append(f"FROM {settings.base_image.format(python=minor)}")
    if system_packages:
        lines.append(
            "RUN apt-get update && apt-get install --yes --no-install-recommends "
            f"{' '.join(system_packages)} && rm -rf /var/lib/apt/lists/*"
        )
    lines += [
        "COPY recrate-environment/requirements.txt /tmp/requirements.txt",
        "RUN python -m pip install --no-cache-dir --no-deps -r /tmp/requirements.txt",
        "WORKDIR /study",
        "COPY . /study",
        'CMD ["python", "-m", "ipykernel_launcher"]',
    ]
    return "\n".join(lines) + "\n"
