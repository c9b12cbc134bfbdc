"""Bugs by which weights are not trained, or not where their gradient points."""

from __future__ import annotations

from tests.worker.planted.body import OWN_STEP

BUGS: dict[str, tuple[str, str, str]] = {
    "a frozen layer": (
        "layer = hidden(name='middle')\n    layer.trainable = False\n    return trial(mlp(layer))",
        "frozen layers", "middle is not trained",
    ),
    "nothing flows back": (
        "class Cut(L.Layer):\n"
        "        def call(self, x):\n"
        "            return ops.stop_gradient(x)\n"
        "    return trial(mlp(hidden(name='before'), Cut()))",
        "gradients", "before/kernel gets no gradient, and the loss depends on it",
    ),
    "only the place of the largest goes on": (
        "class Largest(L.Layer):\n"
        "        def call(self, x):\n"
        "            return ops.one_hot(ops.argmax(x, axis=-1), 8)\n"
        "    return trial(mlp(hidden(name='before'), Largest()))",
        "gradients", "before/kernel gets no gradient, and the loss depends on it",
    ),
    "a layer that Keras does not see": (
        "from types import SimpleNamespace\n"
        "    class Net(keras.Model):\n"
        "        def __init__(self):\n"
        "            super().__init__()\n"
        "            self.parts, self.last = SimpleNamespace(first=hidden()), L.Dense(4, 'softmax')\n"
        "        def call(self, x):\n"
        "            return self.last(self.parts.first(x))\n"
        "    return trial(Net())",
        "gradients", "a weight of the shape (6, 8), freshly drawn, that is not among its own",
    ),
    "a layer that leads nowhere": (
        "class Net(keras.Model):\n"
        "        def __init__(self):\n"
        "            super().__init__()\n"
        "            self.first, self.spare = hidden(), hidden(name='spare')\n"
        "            self.last = L.Dense(4, 'softmax')\n"
        "        def call(self, x):\n"
        "            h = self.first(x)\n"
        "            self.spare(h)\n"
        "            return self.last(h)\n"
        "    return trial(Net())",
        "gradients", "spare/kernel gets no gradient: nothing that it computes reaches the loss",
    ),
    "an activation that dies": (
        "return trial(mlp(hidden(name='dying', bias_initializer=keras.initializers.Constant(-100.0))))",
        "gradients", "dying (Dense) gives 0 for every example",
    ),
    "a saturated sigmoid": (
        "return trial(mlp(hidden(activation='sigmoid', name='full',\n"
        "        bias_initializer=keras.initializers.Constant(200.0))))",
        "gradients", "full (Dense) gives the same for every example",
    ),
    "every weight begins at 0": (
        "zeros = {'kernel_initializer': 'zeros'}\n"
        "    return trial(mlp(hidden(16, **zeros), hidden(8, **zeros)))",
        "gradients", "get a gradient of 0",
    ),
    "a wrong sign in a custom gradient": (
        "import tensorflow as tf\n"
        "    @tf.custom_gradient\n"
        "    def swish(x):\n"
        "        s = tf.sigmoid(x)\n"
        "        return x * s, lambda upstream: -upstream * (s + x * s * (1 - s))\n"
        "    class Swish(L.Layer):\n"
        "        def call(self, x):\n"
        "            return swish(x)\n"
        "    return trial(mlp(L.Dense(8, name='before'), Swish()))",
        "numerical gradients", "before/kernel points the wrong way: a sign is wrong",
    ),
    "a wrong sign in the gradient of a bias": (
        "import tensorflow as tf\n"
        "    @tf.custom_gradient\n"
        "    def shift(x, b):\n"
        "        return x + b, lambda upstream: (upstream, -tf.reduce_sum(upstream, axis=0))\n"
        "    class Shift(L.Layer):\n"
        "        def build(self, shape):\n"
        "            self.b = self.add_weight(shape=(shape[-1],), initializer='zeros', name='b')\n"
        "        def call(self, x):\n"
        "            return shift(x, tf.convert_to_tensor(self.b))\n"
        "    return trial(mlp(L.Dense(8), Shift(), L.ReLU()))",
        "numerical gradients", "shift/b points the wrong way: a sign is wrong",
    ),
    "half a custom gradient": (
        "import tensorflow as tf\n"
        "    @tf.custom_gradient\n"
        "    def double(x):\n"
        "        return 2 * x, lambda upstream: upstream\n"
        "    class Double(L.Layer):\n"
        "        def call(self, x):\n"
        "            return double(x)\n"
        "    return trial(mlp(hidden(), Double()))",
        "numerical gradients", "changes by 2 of what the gradient says",
    ),
    "a train_step that leaves a layer out": (
        OWN_STEP.format(
            weights="self.last.trainable_variables",
            apply="self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))",
        ),
        "frozen layers", "first is not changed by the model's own train_step",
    ),
}  # fmt: skip
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""
