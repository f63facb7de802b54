"""Print precision and recall of the press rules: `python -m benchmarks.press`."""

from benchmarks.press.measure import main

main()
