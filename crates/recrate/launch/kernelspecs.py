"""Which kernels a session's server offers: those in the session's folder, and nothing else."""

from jupyter_client.kernelspec import KernelSpecManager
from traitlets import Unicode, default


class SessionKernels(KernelSpecManager):  # type: ignore[misc]  # it comes without types
    """Looks for kernelspecs in one folder, not in those of the machine or the person."""

    folder = Unicode("", help="The session's folder of kernelspecs.").tag(config=True)

    @default("kernel_dirs")
    def _only_ours(self) -> list[str]:
        return [self.folder]

    @default("ensure_native_kernel")
    def _none_of_the_server(self) -> bool:
        return False
