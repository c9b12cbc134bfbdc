"""The rung `tiny`: can a Keras model learn a few of its own examples by heart, and does it say anything?"""
