import os
import subprocess

import pytest

from heatdeath.files import netcdf

CHECKER = os.environ.get("HEATDEATH_COMPLIANCE_CHECKER")


@pytest.mark.compliance
@pytest.mark.skipif(
    not CHECKER, reason="HEATDEATH_COMPLIANCE_CHECKER names no compliance-checker to run"
)
def test_the_compliance_checker_finds_nothing_in_any_kind_of_file(records, tmp_path):
    paths = [tmp_path / f"{name}.nc" for name in records]
    for path, record in zip(paths, records.values(), strict=True):
        netcdf.write(record, path)
    version = netcdf.CONVENTIONS.removeprefix("CF-")
    result = subprocess.run(
        [CHECKER, "--test", f"cf:{version}", "--criteria", "strict", *paths],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("All tests passed!") == len(paths), result.stdout
