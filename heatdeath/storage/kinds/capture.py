"""Capture: how often a start drawn from the target ends on the locked-in side of the saddle."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.shared_variables import BOUND, critical_kind
from heatdeath.storage.variables import CELL_AXES, Kind, Variable


def _number(name, dims, long_name, *, formula=""):
    return Variable(name, dims, ("float64",), "1", long_name, formula=formula)


def _flag(name, long_name, meanings):
    return Variable(
        name, (CELL_AXES,), ("int8",), None, long_name, flags=tuple(enumerate(meanings))
    )


_INTERVAL = (CELL_AXES, "bound")

KIND = Kind(
    name="capture",
    title="Capture of drawn starts between the critical fresh fractions",
    dimensions={
        **AXIS_DIMENSIONS,
        "bound": "ends of a confidence interval",
        "predicted_size": "sizes of the start, finer than those of the study",
    },
    variables=(
        *AXES,
        BOUND,
        Variable(
            "predicted_size",
            ("predicted_size",),
            ("float64",),
            "1",
            "size of the start for which capture is predicted",
            coordinate=True,
        ),
        _number(
            "captured_share",
            (CELL_AXES,),
            "share of the seeds whose top outcome is, at the horizon, beyond the saddle that "
            "theory gives its locked-in branch; 1 where theory has no saddle below a stable "
            "equilibrium, 0 where it has no stable equilibrium",
            formula="mean_seeds [theta_h(K) > theta_h of the saddle], h = argmax theta(K)",
        ),
        _number("captured_interval", _INTERVAL, "Wilson interval of the captured share"),
        _number(
            "arrived_share",
            (CELL_AXES,),
            "share of the seeds whose top outcome is, at the horizon, nearer to the locked-in "
            "equilibrium than to the saddle",
        ),
        _number("arrived_interval", _INTERVAL, "Wilson interval of the arrived share"),
        _flag(
            "prediction_flag",
            "whether theory predicts the capture: it does for uniform targets with a fold",
            ("not_predicted", "predicted"),
        ),
        _number(
            "predicted_share",
            (CELL_AXES, "predicted_size"),
            "share of the starts that noise carries beyond the saddle, to leading order in "
            "1 / l_0; 0 where it is not predicted",
            formula="1 - Phi((theta_h of the saddle - 1/n) / sigma)^n, "
            "sigma^2 = 2 (1 - 1/n) / (n l_0)",
        ),
        _number(
            "predicted_half_fraction",
            (CELL_AXES, "predicted_size"),
            "fresh fraction at which the predicted share is one half; 0 where it is not predicted",
        ),
        _flag(
            "half_flag",
            "whether the fresh fractions of the study hold the interval of the one of half capture",
            ("not_bracketed", "bracketed"),
        ),
        _number(
            "half_fraction",
            (CELL_AXES,),
            "fresh fraction at which half of the starts are captured, by maximum likelihood; the "
            "nearest end of the study's range where that does not hold it",
            formula="captured share = 1 / (1 + exp((f - half_fraction) / width))",
        ),
        _number(
            "half_fraction_interval",
            _INTERVAL,
            "profile-likelihood interval of the fresh fraction of half capture, cut at the ends of "
            "the study's range",
        ),
        critical_kind((CELL_AXES,), source=", by theory"),
        _number(
            "prevent",
            (CELL_AXES,),
            "fresh fraction below which the faithful branch is gone, by theory; 0 without a fold",
        ),
        _number(
            "recover",
            (CELL_AXES,),
            "fresh fraction above which no locked-in branch is left, by theory",
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
    },
)
