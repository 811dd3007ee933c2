"""The training loop of the networks: Adam on random minibatches, compiled as one scan."""

import equinox as eqx
import jax
import jax.numpy as jnp
import optax

# A first step at the full rate can throw a fresh network far off.
_WARM_UP = 0.05


def train(
    initial_parameters,
    loss,
    *,
    data,
    size,
    key,
    steps,
    batch_size,
    learning_rate,
    average=0.0,
):
    """Minimise a loss over random minibatches of the data.

    The learning rate rises linearly over the first twentieth of the steps and then falls to zero
    along half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983).
    """
    trained, kept = eqx.partition(initial_parameters, eqx.is_inexact_array)
    optimiser = adam(steps=steps, learning_rate=learning_rate)

    def objective(parameters, batch, key):
        return loss(eqx.combine(parameters, kept), batch, key)

    def step(state, key):
        parameters, mean, moments = state
        rows_key, loss_key = jax.random.split(key)
        batch = minibatch(data, size=size, key=rows_key, batch_size=batch_size)
        gradient = jax.grad(objective)(parameters, batch, loss_key)
        updates, moments = optimiser.update(gradient, moments)
        parameters = optax.apply_updates(parameters, updates)
        return (parameters, moving_average(mean, parameters, decay=average), moments), None

    start = (trained, trained, optimiser.init(trained))
    (_, mean, _), _ = jax.lax.scan(step, start, jax.random.split(key, steps))
    return eqx.combine(mean, kept)


def adam(*, steps, learning_rate, b1=0.9, b2=0.999):
    """Adam with a short warm-up and a cosine decay to zero."""
    schedule = optax.warmup_cosine_decay_schedule(
        init_value=learning_rate * _WARM_UP,
        peak_value=learning_rate,
        warmup_steps=max(1, round(_WARM_UP * steps)),
        decay_steps=max(2, steps),
    )
    return optax.adam(schedule, b1=b1, b2=b2)


def minibatch(data, *, size, key, batch_size):
    """Rows drawn uniformly with replacement from the first ``size`` rows of the data."""
    rows = jax.random.randint(key, (batch_size,), 0, size)
    return jnp.take(data, rows, axis=0)


def moving_average(mean, parameters, *, decay):
    """Exponential moving average of parameters after one more step."""
    if decay == 0:
        return parameters
    return jax.tree.map(lambda old, new: decay * old + (1 - decay) * new, mean, parameters)
