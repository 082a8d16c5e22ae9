"""The judgement: value tier, credit, churn risk of every account, each with its reasons."""
