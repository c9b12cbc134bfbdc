"""Healthy recipes that look like sick ones; every question must let them pass."""

from __future__ import annotations

from tests.worker.planted.body import OWN_STEP

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
