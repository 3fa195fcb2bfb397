"""Which directions a paper belongs to, why, and how much machinery it takes: ``model.py`` first, ``train.py`` last."""
