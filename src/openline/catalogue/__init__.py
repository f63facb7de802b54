"""What parties can say to each other in coded form: kinds, their renderings, and the world's formats.

The engine's side imports `openline.catalogue.kinds` only; renderings and formats are for people.
"""
