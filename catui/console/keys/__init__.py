"""The keys: the table of all that can be told, what a person made of it, and what an armed chord would do."""
