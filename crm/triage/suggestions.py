"""What an agent is offered from the words of a ticket: rules first, then the classifier where it is sure enough. The agent's word is final."""

from crm.triage import classifier
from crm.triage.rules import major_by_rule

# Below these a guess is kept to ourselves: a wrong offer costs the agent more than none.
SURE = {"kind": 0.6, "matter": 0.5, "severity": 0.8}
BY_RULE = 0.95


def suggestions(text: str) -> dict[str, dict]:
    """`{"kind" | "matter" | "severity": {"value", "confidence", "by", "words"}}`, only what is worth offering.

    `by`: `rule:<name>` or `text:<version of the weights>`; `words`: what spoke for it; a severity is only offered when it is major.
    """
    found = {
        task: {"value": guess.label, "confidence": guess.confidence, "by": f"text:{classifier.version()}", "words": list(guess.words)}
        for task, guess in classifier.guess(text).items()
        if guess.confidence >= SURE[task] and not (task == "severity" and guess.label == "normal")
    }
    if rule := major_by_rule(text):
        found["severity"] = {"value": "major", "confidence": BY_RULE, "by": f"rule:{rule}", "words": []}
    return found
