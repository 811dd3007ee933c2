"""Print shell exports that hold arithmetic to what every CPU of this architecture can do.

NumPy, Numba, the C library and OpenBLAS each choose faster code paths where the CPU has wider
vectors or fused multiply-add. Those paths differ in the last bit of exp, log and pow, and so in the
bytes of a result file. With these variables two machines of one architecture and one set of pinned
packages write the same bytes::

    eval "$(.venv/bin/python tools/portable_arithmetic.py)"

With ``--any-node`` they hold for jobs that run on other machines too, with CPUs of any generation.
"""

import platform
import sys

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__


def settings(*, any_node=False):
    """Return the environment variables, name to value, for this machine or for any node."""
    # Some versions of NumPy warn about a feature that is named but absent. Only for other machines,
    # whose features are unknown, all are named.
    named = [name for name in __cpu_dispatch__ if any_node or __cpu_features__.get(name)]
    variables = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(named),
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
    }
    if platform.machine() in {"x86_64", "AMD64"}:
        variables["OPENBLAS_CORETYPE"] = "Nehalem"
        if platform.system() == "Linux":
            variables["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"
    return variables


if __name__ == "__main__":
    for name, value in settings(any_node="--any-node" in sys.argv[1:]).items():
        print(f'export {name}="{value}"')
