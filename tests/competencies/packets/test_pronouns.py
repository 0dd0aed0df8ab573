import pytest

from competencies.packets.pronouns import without_pronouns

SAID = {
    "She draws it, and he carries it.": "They draw it, and they carry it.",
    "She is here; he was there.": "They are here; they were there.",
    "She has it; he does it.": "They have it; they do it.",
    "He's drawn it, she’s asking.": "They’ve drawn it, they’re asking.",
    "She also rarely misses; he always tries.": "They also rarely miss; they always try.",
    "She doesn't fail, he wasn't asked.": "They don't fail, they weren't asked.",
    "She drew, then she led.": "They drew, then they led.",
    "Her work is hers. His is his.": "Their work is theirs. Theirs is theirs.",
    "We told her that. Ask her. Gave her the pager.": "We told them that. Ask them. Gave them the pager.",
    "I saw him; he did it himself.": "I saw them; they did it themselves.",
    "*Her* design, **his** review": "*Their* design, **their** review",
    "SHE asked; he as a lead": "THEY asked; they as a lead",
    "(she/her) and he/him": "(they/them) and they/them",
    "Mrs. Smith, a woman on maternity leave": "Smith, a person on parental leave",
    "The sheet here: other themes, usher.": "The sheet here: other themes, usher.",
}


@pytest.mark.parametrize(("text", "left"), SAID.items())
def test_they_for_everybody(text, left):
    assert without_pronouns(text) == left
