"""What services tell by themselves. A signature proves who speaks; the states of a delivery make repeats harmless.

News may come twice, late and in any order: moves go one way only, and what is missed is asked for by the sweep.
"""
