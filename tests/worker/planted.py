"""Recipes with a planted bug, healthy ones beside them, and what the rung `check` must say of each."""

from __future__ import annotations

from textwrap import dedent

HEAD = """
import keras, numpy as np
from keras import layers as L, ops
from planner import Trial

SPARSE = "sparse_categorical_crossentropy"
draw = np.random.default_rng(0)
CENTRES = np.random.default_rng(7).normal(0, 1, (4, 6))
Y = draw.integers(0, 4, 256)
X = (CENTRES[Y] + draw.normal(0, 0.3, (256, 6))).astype("float32")
T = X @ np.arange(1.0, 7.0) + draw.normal(0, 0.1, 256)
HOT = np.eye(4, dtype="float32")[Y]

def trial(model, y=Y, loss=SPARSE, optimizer=None, x=X, metrics=["accuracy"], fit=None, **more):
    model.compile(optimizer or keras.optimizers.Adam(0.003), loss, metrics=metrics, **more)
    def part(several, place):
        if isinstance(several, dict):
            return {name: one[place] for name, one in several.items()}
        return several[place]
    first, last = slice(0, 192), slice(192, 256)
    return Trial(model, (part(x, first), part(y, first)), (part(x, last), part(y, last)),
                 fit={"epochs": 2, "batch_size": 32, **(fit or {})})

def mlp(*middle, units=4, activation="softmax", inputs=6):
    return keras.Sequential([keras.Input((inputs,)), *middle, L.Dense(units, activation=activation)])

def hidden(units=8, activation="relu", **more):
    return L.Dense(units, activation, **more)
"""

OWN_STEP = """import tensorflow as tf
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.last = hidden(name='first'), L.Dense(4, 'softmax')
        def call(self, x):
            return self.last(self.first(x))
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                p = self(x, training=True)
                loss = self.compute_loss(x, y, p)
            weights = {weights}
            {apply}
            return {{'loss': loss, **self.compute_metrics(x, y, p)}}
    return trial(Net())"""
"""A model with a training step of its own, as Keras's guide has it."""

BUGS: dict[str, tuple[str, str, str]] = {
    "labels one-hot for a sparse loss": (
        "return trial(mlp(hidden()), y=HOT)", "labels", "one-hot",
    ),
    "class numbers for a dense loss": (
        "return trial(mlp(hidden()), loss='categorical_crossentropy')",
        "labels", "sparse_categorical_crossentropy",
    ),
    "labels that count from 1": (
        "return trial(mlp(hidden()), y=Y + 1)", "labels", "do the labels count from 1?",
    ),
    "a label out of range deep in the data": (
        "y = Y.copy(); y[5] = 9\n    return trial(mlp(hidden()), y=y)", "labels", "there is a label 9",
    ),
    "labels stretched over the answers": (
        "return trial(mlp(hidden(), units=3, activation=None), y=T, loss='mse', metrics=['mae'])",
        "labels", "stretch one over the other",
    ),
    "softmax over the examples": (
        "return trial(mlp(hidden(), L.Dense(4), activation=lambda z: ops.softmax(z, axis=0)))",
        "probabilities", "add up to 1 over axis 0",
    ),
    "logits taken for probabilities": (
        "return trial(mlp(hidden(), activation=None))", "probabilities", "from_logits=True",
    ),
    "softmax twice": (
        "return trial(mlp(hidden()), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))",
        "probabilities", "probabilities already",
    ),
    "softmax over one unit": (
        "return trial(mlp(hidden(), units=1), y=Y % 2, loss='binary_crossentropy')",
        "probabilities", "softmax over a single unit",
    ),
    "the loss over the wrong axis": (
        "def loss(y, p):\n"
        "        return keras.losses.categorical_crossentropy(y, p, axis=0)\n"
        "    return trial(mlp(hidden()), y=HOT, loss=loss)",
        "batch loss", "the wrong axis",
    ),
    "the loss added up over the examples, not the classes": (
        "def loss(y, p):\n"
        "        return -ops.mean(ops.sum(y * ops.log(p), axis=0))\n"
        "    return trial(mlp(hidden()), y=HOT, loss=loss)",
        "batch loss", "it is taken over the axis of the examples",
    ),
    "a softmax over the examples within the loss": (
        "def loss(y, z):\n"
        "        return -ops.mean(ops.sum(y * ops.log_softmax(z, axis=0), axis=-1))\n"
        "    return trial(mlp(hidden(), activation=None), y=HOT, loss=loss)",
        "batch loss", "against one another over axis 0",
    ),
    "a sigmoid before a loss that wants logits": (
        "loss = keras.losses.BinaryCrossentropy(from_logits=True)\n"
        "    return trial(mlp(hidden(), units=1, activation='sigmoid'), y=Y % 2, loss=loss)",
        "probabilities", "between 0 and 1 whatever the weights",
    ),
    "a last layer that can't reach the labels": (
        "return trial(mlp(hidden(), units=1, activation='relu'), y=-5 - T**2, loss='mse', metrics=['mae'])",
        "probabilities", "never below 0 whatever the weights, and 100% of the labels are",
    ),
    "each answer against every label": (
        "class Squares(keras.losses.Loss):\n"
        "        def call(self, y, p):\n"
        "            return ops.mean(ops.square(ops.reshape(y, (1, -1)) - p), axis=-1)\n"
        "    return trial(mlp(hidden(), units=1, activation=None), y=T, loss=Squares(), metrics=['mae'])",
        "batch loss", "which label belongs to which example",
    ),
    "the batch's mean taken off": (
        "class Centred(L.Layer):\n"
        "        def call(self, x):\n"
        "            return x - ops.mean(x, axis=0, keepdims=True)\n"
        "    return trial(mlp(hidden(), Centred()))",
        "examples", "depends on the others of its batch",
    ),
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
    "a learning rate 1,000 times too high": (
        "return trial(mlp(hidden(32), hidden(32)), optimizer=keras.optimizers.Adam(1.0))",
        "training step", "the learning rate of 1 is too high",
    ),
    "such a rate behind batch normalisation": (
        "return trial(mlp(L.Dense(32), L.BatchNormalization(), L.ReLU()),\n"
        "        optimizer=keras.optimizers.Adam(3.0))",
        "training step", "the learning rate of 3 is too high",
    ),
    "such a rate for a loss that has nowhere to explode to": (
        "return trial(mlp(hidden(16), hidden(16)), y=HOT, loss='mse', optimizer=keras.optimizers.Adam(3.0))",
        "training step", "the learning rate of 3 is too high: its first step moves the weights by",
    ),
    "a learning rate below 0": (
        "return trial(mlp(hidden()), optimizer=keras.optimizers.Adam(-0.003))",
        "training step", "up the loss instead of down, a sign is wrong: the learning rate is -0.003",
    ),
    "an optimiser that climbs": (
        "class Climber(keras.optimizers.SGD):\n"
        "        def update_step(self, gradient, variable, learning_rate):\n"
        "            super().update_step(-gradient, variable, learning_rate)\n"
        "    return trial(mlp(hidden()), optimizer=Climber(0.05))",
        "training step", "a sign is wrong, in the optimiser Climber",
    ),
    "a train_step that climbs": (
        OWN_STEP.format(
            weights="self.trainable_variables",
            apply="self.optimizer.apply_gradients(\n"
            "                [(-g, w) for g, w in zip(tape.gradient(loss, weights), weights)])",
        ),
        "training step", "a sign is wrong, in the train_step of Net",
    ),
    "a train_step that lowers a negative loss": (
        OWN_STEP.format(
            weights="self.trainable_variables",
            apply="with tf.GradientTape() as tape:\n"
            "                loss = -self.compute_loss(x, y, self(x, training=True))\n"
            "            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))",
        ),
        "training step", "a sign is wrong, in the train_step of Net",
    ),
    "a loss of the wrong sign": (
        "def loss(y, p):\n"
        "        return -keras.losses.sparse_categorical_crossentropy(y, p)\n"
        "    return trial(mlp(hidden()), loss=loss)",
        "loss sign", "its sign is wrong",
    ),
    "a learning rate of 0": (
        "return trial(mlp(hidden()), optimizer=keras.optimizers.Adam(0.0))",
        "training step", "change no weight: look at the learning rate of 0",
    ),
    "an optimiser that is never applied": (
        OWN_STEP.format(weights="[]", apply="pass"), "training step", "the optimiser is never applied",
    ),
    "a train_step that leaves a layer out": (
        OWN_STEP.format(
            weights="self.last.trainable_variables",
            apply="self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))",
        ),
        "frozen layers", "first is not changed by the model's own train_step",
    ),
    "validation data of another shape": (
        "made = trial(mlp(hidden()))\n"
        "    return Trial(made.model, made.train, (X[:32, :4], Y[:32]), fit=made.fit)",
        "metric", "",
    ),
    "a param that nobody reads": (
        "return trial(mlp(hidden()))", "params", "never reads the param rate",
    ),
    "a param that comes to 0 in a closure, beside a callback of one's own": (
        "class Quiet(keras.callbacks.Callback):\n"
        "        pass\n"
        "    rate = params['rate'] * 0\n"
        "    def loss(y, p):\n"
        "        return keras.losses.sparse_categorical_crossentropy(y, p) + rate\n"
        "    return trial(mlp(hidden()), loss=loss, fit={'callbacks': [Quiet()]})",
        "params", "rate is read but changes nothing",
    ),
    "a param that a pipeline of data leaves as it is": (
        "import tensorflow as tf\n"
        "    noise = params['rate'] * 0.0\n"
        "    made = trial(mlp(hidden()))\n"
        "    data = [tf.data.Dataset.from_tensor_slices(part).map(lambda x, y: (x + noise, y)).batch(32)\n"
        "        for part in (made.train, made.validation)]\n"
        "    return Trial(made.model, *data, fit={'epochs': 2})",
        "params", "rate is read but changes nothing",
    ),
    "a param that a train_step of its own never asks for": (
        "class Net(keras.Model):\n"
        "        def __init__(self, rate):\n"
        "            super().__init__()\n"
        "            self.last = L.Dense(4, 'softmax')\n"
        "        def call(self, x):\n"
        "            return self.last(x)\n"
        "        def train_step(self, data):\n"
        "            return super().train_step(data)\n"
        "    return trial(Net(params['rate']))",
        "params", "rate is read but changes nothing",
    ),
    "a param without effect": (
        "params['rate']\n    return trial(mlp(hidden()))", "params", "rate is read but changes nothing",
    ),
}  # fmt: skip
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""

HEALTHY: dict[str, str] = {
    "dropout, batch normalisation, logits, smoothed one-hot labels, a warm-up from 0, averaged weights": (
        "rate = keras.optimizers.schedules.CosineDecay(0.0, 1000, warmup_target=0.01, warmup_steps=100)\n"
        "    model = mlp(L.Dense(16), L.BatchNormalization(), L.ReLU(), L.Dropout(0.5), activation=None)\n"
        "    loss = keras.losses.CategoricalCrossentropy(True, label_smoothing=0.1)\n"
        "    return trial(model, y=HOT, loss=loss,\n"
        "        optimizer=keras.optimizers.AdamW(rate, weight_decay=0.1, use_ema=True))"
    ),
    "embedding, and a recurrent layer": (
        "tokens = np.digitize(X[:, :3], np.linspace(-2, 2, 19))\n"
        "    model = keras.Sequential([keras.Input((3,)), L.Embedding(20, 8, mask_zero=True), L.GRU(8),\n"
        "        L.Dense(4, 'softmax')])\n"
        "    return trial(model, x=tokens)"
    ),
    "a branch that begins at 0": (
        "class Scale(L.Layer):\n"
        "        def build(self, shape):\n"
        "            self.gain = self.add_weight(shape=(1,), initializer='zeros')\n"
        "        def call(self, x):\n"
        "            return self.gain * x\n"
        "    x = keras.Input((6,))\n"
        "    h = L.Dense(8, 'tanh')(x)\n"
        "    h = h + Scale()(L.Dense(8)(L.Dense(8, 'relu')(h)))\n"
        "    return trial(keras.Model(x, L.Dense(4, 'softmax')(h)))"
    ),
    "layers that were learnt elsewhere": (
        "body = L.Dense(8, 'relu', name='body')\n"
        "    model = mlp(body)\n"
        "    body.set_weights([np.random.default_rng(3).normal(0, 0.4, (6, 8)), np.zeros(8)])\n"
        "    body.trainable = False\n"
        "    return trial(model)"
    ),
    "several inputs and outputs": (
        "a, b = keras.Input((6,), name='a'), keras.Input((1,), name='b')\n"
        "    h = L.Dense(8, 'relu')(L.Concatenate()([a, b]))\n"
        "    both = {'kind': L.Dense(4, 'softmax')(h), 'size': L.Dense(1)(h)}\n"
        "    model = keras.Model({'a': a, 'b': b}, both)\n"
        "    return trial(model, x={'a': X, 'b': X[:, :1]}, y={'kind': Y, 'size': T},\n"
        "        loss={'kind': SPARSE, 'size': 'mse'}, metrics={'kind': ['accuracy'], 'size': ['mae']})"
    ),
    "a regression with a loss of its own, and a noisy input": (
        "def loss(y, p):\n"
        "        return ops.log(ops.cosh((y - p) / 10))\n"
        "    model = mlp(L.GaussianNoise(0.1), hidden(), units=1, activation=None)\n"
        "    return trial(model, y=100 + 20 * T, loss=loss, metrics=['mae'],\n"
        "        optimizer=keras.optimizers.Adam(0.01))"
    ),
    "weighted examples of two classes, and a sigmoid": (
        "made = trial(mlp(hidden(), units=1, activation='sigmoid'), y=Y % 2, loss='binary_crossentropy')\n"
        "    weights = np.linspace(0.0, 2.0, 192)\n"
        "    return Trial(made.model, (*made.train, weights), made.validation, fit=made.fit)"
    ),
    "a pipeline of tf.data, and a custom gradient that is right": (
        "import tensorflow as tf\n"
        "    @tf.custom_gradient\n"
        "    def square(x):\n"
        "        return x * x, lambda upstream: 2 * x * upstream\n"
        "    class Square(L.Layer):\n"
        "        def call(self, x):\n"
        "            return square(x)\n"
        "    made = trial(mlp(L.Dense(8), Square()))\n"
        "    data = [tf.data.Dataset.from_tensor_slices(part).shuffle(64).batch(32).prefetch(2)\n"
        "        for part in (made.train, made.validation)]\n"
        "    return Trial(made.model, *data, fit={'epochs': 2})"
    ),
    "large penalties, and pixels that nobody scaled": (
        "penalties = {'kernel_regularizer': keras.regularizers.L2(10.0)}\n"
        "    penalties['activity_regularizer'] = keras.regularizers.L1(0.1)\n"
        "    model = mlp(hidden(32, **penalties), hidden(32))\n"
        "    return trial(model, x=np.abs(X) * 100)"
    ),
    "a high rate that works, and a loss that is a sum": (
        "loss = keras.losses.SparseCategoricalCrossentropy(reduction='sum')\n"
        "    return trial(mlp(hidden(32)), loss=loss, optimizer=keras.optimizers.Adam(0.05))"
    ),
    "half precision": (
        "keras.config.set_dtype_policy('mixed_float16')\n"
        "    try:\n"
        "        return trial(mlp(hidden(), L.Dense(8), L.LayerNormalization()))\n"
        "    finally:\n"
        "        keras.config.set_dtype_policy('float32')"
    ),
    "attention over a sequence, and convolutions": (
        "x = keras.Input((6,))\n"
        "    h = L.Conv1D(8, 3, padding='same', activation='relu')(L.Reshape((6, 1))(x))\n"
        "    h = L.LayerNormalization()(h + L.MultiHeadAttention(2, 4)(h, h))\n"
        "    return trial(keras.Model(x, L.Dense(4, 'softmax')(L.GlobalMaxPooling1D()(h))))"
    ),
    "a model that trains itself": OWN_STEP.format(
        weights="self.trainable_variables",
        apply="self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))",
    ),
    "targets far away, for a loss of one's own": (
        "def loss(y, p):\n"
        "        return ops.mean(ops.square(ops.reshape(y, (-1, 1)) - p), axis=-1)\n"
        "    return trial(mlp(units=1, activation=None), y=9e5 + 9e4 * T, loss=loss, metrics=['mae'])"
    ),
    "a loss that is a correlation": (
        "def loss(y, p):\n"
        "        y, p = (ops.reshape(one, (-1,)) for one in (y, p))\n"
        "        y, p = y - ops.mean(y), p - ops.mean(p)\n"
        "        return -ops.sum(y * p) / ops.sqrt(ops.sum(y * y) * ops.sum(p * p) + 1e-6)\n"
        "    return trial(mlp(hidden(), units=1, activation=None), y=T, loss=loss, metrics=['mae'])"
    ),
    "a train_step that lowers another loss than it was compiled with": (
        "import tensorflow as tf\n"
        "    class Policy(keras.Model):\n"
        "        def train_step(self, data):\n"
        "            x, y, gain = data\n"
        "            with tf.GradientTape() as tape:\n"
        "                p = tf.gather(self(x, training=True), tf.cast(y, tf.int32), batch_dims=1)\n"
        "                loss = -tf.reduce_mean(gain * tf.math.log(p))\n"
        "            weights = self.trainable_variables\n"
        "            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))\n"
        "            return {**self.compute_metrics(x, y, self(x)), 'loss': loss}\n"
        "    x = keras.Input((6,))\n"
        "    made = trial(Policy(x, L.Dense(4, 'softmax')(hidden()(x))))\n"
        "    gains = np.random.default_rng(0).normal(-0.5, 1, 192).astype('float32')\n"
        "    return Trial(made.model, (*made.train, gains), made.validation, fit=made.fit)"
    ),
    "a network that begins next to 0": (
        "small = {'kernel_initializer': keras.initializers.RandomNormal(stddev=0.001)}\n"
        "    layers = [keras.Input((24,)), hidden(32, **small), L.Dense(4, 'softmax', **small)]\n"
        "    rate = keras.optimizers.Adam(0.05)\n"
        "    return trial(keras.Sequential(layers), x=np.tile(X, (1, 4)), optimizer=rate)"
    ),
    "an expert that these examples have no use for": (
        "class Experts(L.Layer):\n"
        "        def build(self, shape):\n"
        "            last = keras.initializers.Constant(np.array([0.0, 0.0, -50.0]))\n"
        "            self.gate = L.Dense(3, 'softmax', bias_initializer=last)\n"
        "            self.each = [L.Dense(8, 'relu') for _ in range(3)]\n"
        "        def call(self, x):\n"
        "            p = self.gate(x)\n"
        "            p = p * ops.one_hot(ops.argmax(p, axis=-1), 3)\n"
        "            return sum(p[:, i : i + 1] * one(x) for i, one in enumerate(self.each))\n"
        "    return trial(mlp(Experts()))"
    ),
}  # fmt: skip
"""By name: a recipe's body that nothing is wrong with."""


DOUBTS: dict[str, tuple[str, str]] = {
    "a param that a layer keeps for itself": (
        "class Keeps(L.Layer):\n"
        "        def __init__(self, rate):\n"
        "            super().__init__()\n"
        "            self.rate = rate\n"
        "        def call(self, x):\n"
        "            return x\n"
        "    return trial(mlp(hidden(), Keeps(params['rate'])))",
        "rate is read, and after 2 training steps the weights are still those of the baseline, to the last "
        "bit; look whether it is used",
    ),
    "a param of a layer that leads nowhere": (
        "L.Dropout(0.5 * params['rate'])\n    return trial(mlp(hidden()))",
        "rate is read, and nothing differs from the baseline but which random numbers the first weights are; "
        "look whether it is used",
    ),
    "a param in a global that is read as late as can be": (
        "global LATER\n"
        "    LATER = params['rate']\n"
        "    return trial(mlp(hidden()), fit={'callbacks': [Late()]})\n"
        "class Late(keras.callbacks.Callback):\n"
        "    def on_train_begin(self, logs=None):\n"
        "        self.model.optimizer.learning_rate = LATER",
        "rate is read, and after 2 training steps the weights are still those of the baseline, to the last "
        "bit; look whether it is used",
    ),
    "validation data that are training data": (
        "params['rate']\n"
        "    made = trial(mlp(hidden(int(4 + params['rate']))))\n"
        "    return Trial(made.model, made.train, tuple(part[50:90] for part in made.train), fit=made.fit)",
        "all 40 validation inputs that were looked at are among the training's: the validation says nothing "
        "of examples that were not trained on",
    ),
}  # fmt: skip
"""By name: a recipe's body that may be meant, and what is said of it."""


def recipe(body: str) -> str:
    """The whole file of a recipe with this body."""
    return dedent(HEAD) + f"\ndef recipe(params):\n    {body}\n"
