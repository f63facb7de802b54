"""A station that lies by silence: it answers greetings and takes everything, and signs no receipt.

    python -m tools.withholding station run --home H

Nothing of it is in the product: it is the shipped program with one function replaced, as an adversary would do.
"""

from unittest.mock import patch

from openline.cli import main

if __name__ == "__main__":
    with patch("openline.delivery.paying._owed", return_value=[]):
        main(prog_name="openline")
