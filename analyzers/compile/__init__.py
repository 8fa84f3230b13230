"""Offline compilers of the files in `analyzers/data`; they are not part of the wheel.

    python -m analyzers.compile.protected_words    the lists of the light stemmer
    python -m analyzers.compile.particle_verbs     verbs that are written together with a particle
    python -m analyzers.compile.dropped_hamza      words that are written without their final hamza
    python -m analyzers.compile.lexicon            the lexicon
    python -m analyzers.compile.synonym_index      the index of the synonym packs
    python -m analyzers.compile.letter_pairs       the costs of pairs of letters

All but the synonym index need the packages simplemma and wordfreq (the extra `lexicon`). Run them in
this order: the lexicon has stems, which the lists change. `conjugation` and `declension` make forms by rule,
`lexicon_sources` reads dictionaries and lists, `lexicon_entries` decides on the lemma of each form.
Tests compile every file and compare the bytes with those that ship.
"""
