"""Sealing: text and bytes under a key of their own for each cadre.

A cadre's data key is kept in CadreKey, wrapped by the key file of the installation. What is sealed opens only
with that key, at its own row and field; without the key (destroyed on purpose) it is gone for good, wherever
copies of the database still lie.
"""
