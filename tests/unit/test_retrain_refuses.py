import numpy as np
import pytest

import heatdeath

LOOP = {"temperature": 0.5, "horizon": 100, "batch_size": 100, "initial_size": 100}


@pytest.mark.parametrize("source", [[1, 2], np.ones(100), {"the": 5}, None])
def test_weights_are_no_source_of_retrain_and_it_says_so_in_one_line(source):
    with pytest.raises(heatdeath.ParameterError, match=r"source: got .*no weights") as found:
        heatdeath.retrain(source, family="gaussian", **LOOP)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("family", [dict, object(), 3])
def test_a_family_that_is_no_name_is_refused_with_what_is_allowed(family):
    with pytest.raises(heatdeath.ParameterError, match=r"family: got .*package.module:Class"):
        heatdeath.retrain("normal:2:100", family=family, **LOOP)
