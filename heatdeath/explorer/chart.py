"""The chart of a cell's trajectories, as a Vega-Lite specification without its data."""

import altair as alt

MEDIAN = {"light": "#0072B2", "dark": "#56B4E9"}
_INK = {"light": "#222222", "dark": "#E8E8E8"}
_GRID = {"light": "#DDDDDD", "dark": "#3A3F46"}
_GREEN = {"light": "#00573C", "dark": "#4FD1A5"}
_BANDS = ("90 % of seeds", "half of the seeds")
_LEVELS = ("target", "stable equilibrium", "unstable equilibrium")
_FONT = "system-ui, sans-serif"


def specification(theme) -> dict:
    """Return the chart in a theme, light or dark: bands and median of the seeds, and levels.

    The page fills its named data: ``curve`` (growth, outputs and the quantiles q05 to q95 of each
    checkpoint) and ``levels`` (value, kind and text of the target and of each equilibrium).
    """
    curve, levels = alt.NamedData("curve"), alt.NamedData("levels")
    growth = alt.X(
        "growth:Q",
        title="1 + outputs sampled / outputs at the start (ℓ₀)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(format="~s", tickCount=6, titlePadding=8),
    )

    def band(low, high, name, opacity):
        return (
            alt.Chart(curve)
            .mark_area(opacity=opacity, color=MEDIAN[theme], aria=False)
            .encode(x=growth, y=alt.Y(f"{low}:Q"), y2=alt.Y2(f"{high}:Q"))
        )

    tooltip = [
        alt.Tooltip("outputs:Q", title="outputs sampled", format=","),
        alt.Tooltip("q50:Q", title="median", format=".3~g"),
        alt.Tooltip("half:N", title=_BANDS[1]),
        alt.Tooltip("most:N", title=_BANDS[0]),
    ]
    median = (
        alt.Chart(curve)
        .mark_line(color=MEDIAN[theme], strokeWidth=2.5, aria=False)
        .encode(x=growth, y=alt.Y("q50:Q"))
    )
    checkpoints = (
        alt.Chart(curve)
        .mark_point(color=MEDIAN[theme], filled=True, size=28)
        .encode(x=growth, y=alt.Y("q50:Q"), tooltip=tooltip)
    )
    rules = (
        alt.Chart(levels)
        .mark_rule(strokeWidth=1.8)
        .encode(
            y=alt.Y("value:Q"),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=_LEVELS, range=[_INK[theme], _GREEN[theme], _GREEN[theme]]),
                legend=alt.Legend(title=None, orient="bottom", columns=3, symbolType="stroke"),
            ),
            strokeDash=alt.StrokeDash(
                "kind:N",
                scale=alt.Scale(domain=_LEVELS, range=[[2, 3], [1, 0], [7, 4]]),
                legend=alt.Legend(title=None, orient="bottom", columns=3, symbolType="stroke"),
            ),
            tooltip=[
                alt.Tooltip("text:N", title="level"),
                alt.Tooltip("value:Q", title="value", format=".3~g"),
            ],
        )
    )
    chart = alt.layer(
        band("q05", "q95", _BANDS[0], 0.22),
        band("q25", "q75", _BANDS[1], 0.34),
        rules,
        median,
        checkpoints,
    ).properties(
        width="container", height=300, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    chart = chart.configure(
        background="transparent",
        font=_FONT,
        view=alt.ViewConfig(stroke=_GRID[theme]),
        axis=alt.AxisConfig(
            labelColor=_INK[theme],
            titleColor=_INK[theme],
            gridColor=_GRID[theme],
            domainColor=_INK[theme],
            tickColor=_INK[theme],
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        ),
        legend=alt.LegendConfig(
            labelColor=_INK[theme], labelFontSize=12, symbolStrokeWidth=2, symbolSize=400
        ),
    )
    specification = chart.to_dict()
    # Its address would be the only one in the page that looks as if something were loaded.
    del specification["$schema"]
    return specification
