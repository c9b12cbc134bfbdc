"""What two researchers, ana and bo, would try on the example project, estimated before anybody ran it."""

from __future__ import annotations

from dataclasses import dataclass

Said = tuple[str, str, str, str, str]
"""Who says it, hours, complexity, impact, likelihood; each as a person types it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoIdea:
    """An idea as `planner add` would take it."""

    title: str
    """One line that names it."""
    hypothesis: str
    """What is expected to happen, and why."""
    category: str
    """Its kind, one of CATEGORIES."""
    tags: tuple[str, ...] = ()
    """Words that tie relatives together."""
    params: tuple[str, ...] = ()
    """`name=value` for each param it changes; empty when its code is still to be written."""
    estimates: tuple[Said, ...] = ()
    """What each person expects of it."""


DIGITS = (
    DemoIdea(
        title="learning rate 1e-3",
        hypothesis="Forty epochs end before the training loss has settled; larger steps get there.",
        category="hyperparameter",
        tags=("lr",),
        params=("lr=0.001",),
        estimates=(("ana", "10m", "0", "+1pp", "50%"), ("bo", "5m", "0", "+0.5pp", "40%")),
    ),
    DemoIdea(
        title="cosine learning rate schedule",
        hypothesis="Smaller and smaller steps settle in a better place than the constant rate reaches.",
        category="hyperparameter",
        tags=("lr", "schedule"),
        params=("schedule=cosine",),
        estimates=(("ana", "20m", "1", "+0.5pp", "40%"), ("bo", "30m", "1", "+0.5pp", "50%")),
    ),
    DemoIdea(
        title="Nadam instead of Adam",
        hypothesis="Nesterov momentum looks one step ahead and so converges in fewer epochs.",
        category="optimizer",
        params=("optimizer=nadam",),
        estimates=(("ana", "5m", "0", "+0.3pp", "25%"),),
    ),
    DemoIdea(
        title="hidden layer of 256 units",
        hypothesis="64 units are few for ten digits in many hands; a wider layer keeps more strokes apart.",
        category="scale",
        tags=("width",),
        params=("width=256",),
        estimates=(("ana", "5m", "0", "+0.5pp", "40%"), ("bo", "5m", "0", "+1pp", "40%")),
    ),
    DemoIdea(
        title="three hidden layers",
        hypothesis="Depth lets strokes combine into parts of digits before the last layer decides.",
        category="architecture",
        tags=("depth",),
        params=("layers=3",),
        estimates=(("bo", "15m", "0", "+1pp", "35%"),),
    ),
    DemoIdea(
        title="batch normalisation",
        hypothesis="Normalised activations let the same learning rate make faster progress.",
        category="architecture",
        tags=("normalisation",),
        params=("batch_norm=true",),
        estimates=(("ana", "15m", "1", "+1pp", "50%"), ("bo", "15m", "1", "+0.5pp", "35%")),
    ),
    DemoIdea(
        title="small convolutional network",
        hypothesis="Strokes look the same wherever they are; shared weights need not learn them 64 times.",
        category="architecture",
        tags=("convolution",),
        params=("model=conv",),
        estimates=(("ana", "2h", "2", "+3pp", "70%"), ("bo", "1.5h", "2", "+2pp", "60%")),
    ),
    DemoIdea(
        title="support vector machine instead of a network",
        hypothesis="With 797 images a kernel method may beat a network; if it does, the network is at fault.",
        category="baseline",
        tags=("sklearn",),
        params=("model=svc",),
        estimates=(("ana", "30m", "1", "+1pp", "35%"), ("bo", "20m", "1", "+2pp", "50%")),
    ),
    DemoIdea(
        title="dropout 0.5",
        hypothesis="Training accuracy is above validation; dropping half the units should close the gap.",
        category="regularisation",
        tags=("dropout",),
        params=("dropout=0.5",),
        estimates=(("ana", "5m", "0", "+1pp", "40%"), ("bo", "10m", "0", "+0.5pp", "30%")),
    ),
    DemoIdea(
        title="L2 weight penalty 1e-3",
        hypothesis="Smaller weights give smoother decisions, which carry over to unseen hands.",
        category="regularisation",
        params=("l2=0.001",),
        estimates=(("bo", "10m", "0", "+0.3pp", "30%"),),
    ),
    DemoIdea(
        title="label smoothing 0.1",
        hypothesis="Less certain targets keep the network from chasing badly written digits.",
        category="loss",
        params=("label_smoothing=0.1",),
        estimates=(("ana", "15m", "1", "+0.3pp", "25%"),),
    ),
    DemoIdea(
        title="shift training images by up to a pixel",
        hypothesis="People do not centre what they write; shifted copies teach the network not to care.",
        category="augmentation",
        tags=("shift",),
        params=("shift=0.125",),
        estimates=(("ana", "30m", "1", "+2pp", "60%"), ("bo", "45m", "1", "+1pp", "50%")),
    ),
    DemoIdea(
        title="tanh instead of ReLU",
        hypothesis="In a network this small dead units may cost more than saturated ones.",
        category="architecture",
        tags=("activation",),
        params=("activation=tanh",),
        estimates=(("bo", "5m", "0", "+0.3pp", "15%"),),
    ),
    DemoIdea(
        title="mixup of pairs of training images",
        hypothesis="Blends of two digits with blended labels fill the space between the classes.",
        category="augmentation",
        tags=("mixup",),
        estimates=(("ana", "2h", "2", "+1pp", "35%"), ("bo", "3h", "2", "+1pp", "30%")),
    ),
    DemoIdea(
        title="look at the worst mistakes and mend their labels",
        hypothesis="Some images carry a label that nobody would give them; few decide the last per cent.",
        category="data",
        tags=("labels",),
        estimates=(("bo", "4h", "1", "+0.5pp", "25%"),),
    ),
)
"""Of the handwritten digits; the last two still need code."""

DIABETES = (
    DemoIdea(
        title="ridge regression instead of a network",
        hypothesis="Ten measurements of 242 patients are little; a straight line may be all they support.",
        category="baseline",
        tags=("sklearn",),
        params=("model=ridge",),
        estimates=(("ana", "15m", "1", "-1", "40%"), ("bo", "20m", "1", "-0.5", "50%")),
    ),
    DemoIdea(
        title="random forest instead of a network",
        hypothesis="Trees need no scaling and seldom overfit badly on small tables.",
        category="baseline",
        tags=("sklearn",),
        params=("model=forest",),
        estimates=(("bo", "20m", "1", "-1", "45%"),),
    ),
    DemoIdea(
        title="dropout 0.5 between layers",
        hypothesis="The training error is far below the validation error; dropout closes such gaps.",
        category="regularisation",
        tags=("dropout",),
        params=("dropout=0.5",),
        estimates=(("ana", "5m", "0", "-0.5", "40%"), ("bo", "10m", "0", "-1", "40%")),
    ),
    DemoIdea(
        title="L2 weight penalty 10",
        hypothesis="Squared errors are large, so only a large penalty is felt; then the fit is smoother.",
        category="regularisation",
        tags=("l2",),
        params=("l2=10.0",),
        estimates=(("bo", "10m", "0", "-1", "35%"),),
    ),
    DemoIdea(
        title="hidden layers of 16 units",
        hypothesis="A network with fewer weights than patients has less room to learn them by heart.",
        category="scale",
        tags=("width",),
        params=("width=16",),
        estimates=(("ana", "5m", "0", "-0.5", "35%"), ("bo", "5m", "0", "-0.5", "40%")),
    ),
    DemoIdea(
        title="hidden layers of 256 units",
        hypothesis="Measurements interact; more units can hold more of their interactions.",
        category="scale",
        tags=("width",),
        params=("width=256",),
        estimates=(("bo", "5m", "0", "-0.5", "20%"),),
    ),
    DemoIdea(
        title="start from the mean, with 16 units",
        hypothesis="Small networks take long to learn that answers are near 150; say so at once.",
        category="initialisation",
        tags=("width",),
        params=("start=mean", "width=16"),
        estimates=(("ana", "15m", "0", "-0.5", "30%"),),
    ),
    DemoIdea(
        title="train on the absolute error",
        hypothesis="What counts is the absolute error; training on the squared one answers another question.",
        category="loss",
        params=("loss=mae",),
        estimates=(("ana", "5m", "0", "-1", "50%"), ("bo", "5m", "0", "-0.5", "40%")),
    ),
    DemoIdea(
        title="four hidden layers",
        hypothesis="Age, blood pressure and sex act through one another; depth can follow such chains.",
        category="architecture",
        tags=("depth",),
        params=("layers=4",),
        estimates=(("bo", "5m", "1", "-0.5", "30%"),),
    ),
    DemoIdea(
        title="learning rate 3e-4",
        hypothesis="Steps of 3e-3 learn patients by heart within forty epochs; smaller ones stop before.",
        category="hyperparameter",
        tags=("lr",),
        params=("lr=0.0003",),
        estimates=(("ana", "5m", "0", "-0.5", "35%"),),
    ),
    DemoIdea(
        title="predict the logarithm of the progression",
        hypothesis="Errors grow with the value; on a logarithmic scale they are alike and easier to fit.",
        category="data",
        tags=("target",),
        estimates=(("bo", "1h", "1", "-1", "30%"),),
    ),
)
"""Of the diabetes patients; the last one still needs code."""

IDEAS = {"digits": DIGITS, "diabetes": DIABETES}
"""The ideas of each example, by its kind."""
