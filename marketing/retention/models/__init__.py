"""The nouns of retention: what to do (playbooks), what is done (plans), and what shows whether it helped (trials)."""

from marketing.retention.models.plans import Offer, Plan, PlanTask
from marketing.retention.models.playbooks import Doer, Playbook, Step, StepKind
from marketing.retention.models.trials import Arm, Assignment, Exemption, Trial

__all__ = ["Arm", "Assignment", "Doer", "Exemption", "Offer", "Plan", "PlanTask", "Playbook", "Step", "StepKind", "Trial"]
